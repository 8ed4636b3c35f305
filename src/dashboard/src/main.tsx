import { render } from 'preact';
import { stream } from './api/ChangeStream';
import { startClock } from './api/HostClock';
import { App } from './shell/App';
import { startRouter } from './shell/router';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/portfolio.css';
import './styles/account.css';
import './styles/work.css';
import './styles/print.css';

startRouter();
startClock();
stream.start();
const root = document.getElementById('app');
if (root) render(<App />, root);
