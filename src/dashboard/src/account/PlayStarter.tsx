import type { Play } from '../api/deskTypes';
import { ask } from '../work/ask';
import { startPlay } from '../work/deeds';
import { usePractice } from '../work/usePractice';

/** Starts one of the playbooks that do not run here already. */
export function PlayStarter({ account, running, onDone }: { account: string; running: Play[]; onDone: () => void }) {
  const books = (usePractice()?.playbooks ?? []).filter(book => !running.some(play => play.playbook === book.id));
  if (books.length === 0) return null;
  const start = async () => {
    const answers = await ask({
      title: 'Start a play', submit: 'Start', note: 'What could reach the customer waits for a person, as always.',
      fields: [{ name: 'book', label: 'Which?', kind: 'pick', required: true,
        options: books.map((book): [string, string] => [book.id, book.detail ? `${book.title}: ${book.detail}` : book.title]) }],
    });
    const book = books.find(each => each.id === answers?.book);
    if (book && await startPlay(account, book.id, book.title)) onDone();
  };
  return <button type="button" class="small" onClick={() => void start()}>Start a play…</button>;
}
