import type { Account } from '../api/types';
import { count, daysInWords, money } from '../words/format';
import { Time } from '../words/Time';

export function Profile({ account }: { account: Account }) {
  const facts: string[] = [account.tier];
  if (account.segment) facts.push(account.segment);
  if (account.plan) facts.push('plan ' + account.plan);
  if (account.seats !== null) facts.push(count(account.seats) + ' seats');
  return (
    <p class="profile">
      <span>{facts.join(', ')}</span>
      <span>ARR {money(account.arr, account.currency)}</span>
      <span>Owner {account.owner ?? 'nobody'} (<a href={'/handover?account=' + encodeURIComponent(account.id)}>hand over</a>)</span>
      {account.renewalDate && account.daysToRenewal !== null
        ? <span>Renewal <Time at={account.renewalDate} as="date" /> ({daysInWords(account.daysToRenewal)})</span>
        : <span>No renewal date</span>}
      <span class="muted">{account.id}</span>
    </p>
  );
}
