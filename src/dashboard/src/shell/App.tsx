import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { AccountPage } from '../account/AccountPage';
import { AlertsView } from '../alerts/AlertsView';
import { MyDay } from '../day/MyDay';
import { DeliveriesView } from '../deliveries/DeliveriesView';
import { HandOverView } from '../handover/HandOverView';
import { PortfolioView } from '../portfolio/PortfolioView';
import { ReviewView } from '../review/ReviewView';
import { TeamView } from '../team/TeamView';
import { AskHost } from '../work/ask';
import { Said } from '../work/said';
import { Header } from './Header';
import { KeyHelp } from './KeyHelp';
import { startKeys } from './keys';
import { routeOf, useAddress } from './router';

export function App() {
  const { path } = useAddress();
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const route = routeOf(path);

  useLayoutEffect(() => startKeys(() => setHelp(true)), []);
  // Whoever does not see the page change is taken to the new view's beginning.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [path]);

  return (
    <>
      <a class="skip" href="#main">Skip to the content</a>
      <Header view={route.view} onHelp={() => setHelp(true)} />
      <main id="main" tabIndex={-1} ref={main}>
        {route.view === 'portfolio' && <PortfolioView />}
        {route.view === 'account' && <AccountPage key={route.id} id={route.id} />}
        {route.view === 'day' && <MyDay />}
        {route.view === 'review' && <ReviewView />}
        {route.view === 'alerts' && <AlertsView />}
        {route.view === 'team' && <TeamView />}
        {route.view === 'deliveries' && <DeliveriesView />}
        {route.view === 'handover' && <HandOverView />}
        {route.view === 'unknown' && <Unknown />}
      </main>
      <Said />
      <AskHost />
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </>
  );
}

function Unknown() {
  return (
    <section class="notice">
      <h1>There is no such page</h1>
      <p>The address names no view of the dashboard. <a href="/">Go to the portfolio</a>.</p>
    </section>
  );
}
