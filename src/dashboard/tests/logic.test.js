// What needs no browser. `npm test` compiles it into .test first.
const { test } = require('node:test');
const assert = require('node:assert/strict');
const { waitBefore } = require('../.test/api/backoff.js');
const { daysUntil, words } = require('../.test/words/format.js');
const { virtualRange } = require('../.test/portfolio/virtualRange.js');
const { isBefore, matches, queryFrom } = require('../.test/portfolio/accountQuery.js');
const { groupsOf } = require('../.test/account/ledgerGroups.js');
const { spanFrom, queryOfSpan } = require('../.test/account/ledgerSpan.js');
const { signalsQuery } = require('../.test/account/ledgerSignals.js');
const { makeSamples, signalsOfSample } = require('../.test/samples/sampleAccounts.js');

const { orderOf, sectionOf } = require('../.test/day/dayOrder.js');
const { rowsOf } = require('../.test/team/teamRows.js');
const { perWeek, shareOfBudget, spanOf } = require('../.test/team/alertWords.js');
const { factWords, splitFacts } = require('../.test/review/factWords.js');
const { blanksOf } = require('../.test/review/blanks.js');
const { dateAfter, distance, endOfDate, morningAfter } = require('../.test/work/times.js');
const { whoMust } = require('../.test/handover/mayHandOver.js');
const { deskEvents, merge } = require('../.test/account/deskEvents.js');

const DAY = 86_400_000;

test('the wait before another attempt doubles up to half a minute and is spread over its upper half', () => {
  assert.deepEqual([0, 1, 2, 5, 50].map(attempt => waitBefore(attempt, 1)), [1000, 2000, 4000, 30_000, 30_000]);
  assert.equal(waitBefore(2, 0), 2000);
});

test('only the rows that are seen and a few beside them are drawn', () => {
  const { first, end } = virtualRange(100_000, 50, -50_000, 1000);
  assert.ok(first <= 1000 && first >= 980, `first ${first}`);
  assert.ok(end >= 1020 && end <= 1040, `end ${end}`);
});

test('at either end of the list no row beyond it is drawn', () => {
  assert.deepEqual(virtualRange(5, 50, 200, 1000), { first: 0, end: 5 });
  assert.equal(virtualRange(100, 50, -5000, 1000).end, 100);
  assert.deepEqual(virtualRange(0, 50, -900, 1000), { first: 0, end: 0 });
});

test('days to a renewal are counted by UTC day, as the API counts them', () => {
  assert.equal(daysUntil('2026-05-26T00:00:00Z', Date.parse('2026-05-20T16:18:00Z')), 6);
  assert.equal(daysUntil('2026-03-20T00:00:00Z', Date.parse('2026-05-05T04:18:00Z')), -46);
  assert.equal(daysUntil('2026-05-20T00:00:00Z', Date.parse('2026-05-20T23:59:00Z')), 0);
});

test('a key reads as words, with its abbreviations', () => {
  assert.equal(words('loginFrequency'), 'login frequency');
  assert.equal(words('npsTrend'), 'NPS trend');
});

test('accounts without an ARR come last in either direction', () => {
  const [none, some] = [{ arrAtRisk: null }, { arrAtRisk: 5 }];
  for (const sort of ['arrAtRisk', '-arrAtRisk']) {
    assert.ok(isBefore(sort, some, none));
    assert.ok(!isBefore(sort, none, some));
  }
});

test('rows that are equal to the eye are in order either way', () => {
  const [a, b] = [{ score: 50.01 }, { score: 50.02 }];
  assert.ok(!isBefore('score', a, b) && !isBefore('score', b, a));
  assert.ok(isBefore('score', a, { score: 50.2 }));
});

test('a search finds names and ids in any case, and a filter is exact', () => {
  const row = { id: 'acme-1', name: 'Acme', owner: 'Sara', band: 'red', tier: 'smb', segment: null, decline: 'steady', status: 'active' };
  const query = text => queryFrom(new URLSearchParams(text));
  assert.ok(matches(query('q=ACM'), row));
  assert.ok(matches(query('q=me-1&band=red'), row));
  assert.ok(!matches(query('owner=Sar'), row));
  assert.ok(!matches(query(''), { ...row, status: 'churned' }));
});

test('the groups of a ledger sum to its change, a cap apart from a measure of the same name', () => {
  const items = [
    { cause: 'time', measure: 'a', delta: -2 }, { cause: 'signal', measure: 'a', delta: 0.5 },
    { cause: 'cap', measure: 'a', delta: 4 }, { cause: 'signal', measure: 'b', delta: 1 },
  ];
  const groups = groupsOf(items);
  assert.deepEqual(groups.map(group => group.delta), [4, -1.5, 1]);
  assert.equal(groups[0].isCap, true);
});

test('a span of days takes in its last day, but not what lies ahead', () => {
  const now = Date.parse('2026-05-20T12:00:00Z');
  const of = text => queryOfSpan(spanFrom(text), now);
  assert.equal(of('30d'), '?since=30d');
  assert.equal(of('2026-05-01..2026-05-10'), '?since=2026-05-01T00:00:00Z&until=2026-05-11T00%3A00%3A00.000Z');
  assert.equal(of('2026-05-01..2026-05-20'), '?since=2026-05-01T00:00:00Z');
  assert.equal(of('nonsense'), '?since=7d');
});

test('the signals of an entry are looked for on its day, within the span, by the source of their kinds', () => {
  const ledger = { from: { at: '2026-04-01T10:00:00Z' }, to: { at: '2026-04-03T09:30:00Z' } };
  const of = (day, kinds, cause = 'signal') => {
    const query = signalsQuery({ cause, day, kinds }, ledger);
    return query === null ? null : Object.fromEntries(new URLSearchParams(query));
  };
  assert.deepEqual(of('2026-04-02', { opened: 2, csat: 1 }),
    { since: '2026-04-02T00:00:00.000Z', until: '2026-04-03T00:00:00.000Z', limit: '200', source: 'ticket' });
  assert.equal(of('2026-04-01', { login: 1 }).since, '2026-04-01T10:00:00.000Z');
  assert.equal(of('2026-04-03', { login: 1 }).until, '2026-04-03T09:30:00.001Z');
  assert.equal(of('2026-04-02', { login: 1, opened: 1 }).source, undefined);
  assert.equal(of('2026-04-02', null), null);
  assert.equal(of(null, { login: 1 }), null);
  assert.equal(of('2026-04-02', { login: 1 }, 'time'), null);
});

test('the same seed makes the same samples: distinct, in the past, within the calendar', () => {
  const now = Date.parse('2026-05-20T12:00:00Z');
  const samples = makeSamples(36, now, 7);
  assert.deepEqual(makeSamples(36, now, 7), samples);
  assert.equal(new Set(samples.map(sample => sample.profile.name)).size, 36);
  const signals = samples.flatMap(sample => signalsOfSample(sample, now, 7));
  assert.equal(new Set(signals.map(signal => signal.id)).size, signals.length);
  for (const { at } of signals) assert.ok(Date.parse(at) < now && Date.parse(at) >= now - 42 * DAY, at);
});

test('a day begins with urgent alerts, red ones first, then drafts, tasks, and the other alerts by rank', () => {
  const now = Date.parse('2026-05-20T09:00:00Z');
  const at = days => new Date(now + days * DAY).toISOString();
  const alert = (id, more) => ({ kind: 'alert', it: { id, state: 'open', severity: 'yellow', urgent: false, rank: 10, raisedAt: at(-1), ...more } });
  const draft = (id, created, expires) => ({ kind: 'draft', it: { id, state: 'pending', createdAt: at(created), expiresAt: at(expires) } });
  const task = (id, due) => ({ kind: 'task', it: { id, state: 'open', dueAt: at(due) } });
  const items = [
    alert('low'), alert('high', { rank: 60 }), alert('urgent', { urgent: true, rank: 90 }), alert('red', { urgent: true, severity: 'red' }),
    alert('churn', { rank: 0 }), alert('taken', { urgent: true, state: 'acknowledged' }), task('today', 0.1), task('late', -2), task('later', 3),
    draft('old', -2, 2), draft('new', -1, 2), draft('soon', -0.5, 0.5), draft('gone', -9, -1),
  ];
  assert.deepEqual(orderOf(items, now).map(item => item.it.id),
    ['red', 'urgent', 'soon', 'old', 'new', 'late', 'today', 'churn', 'high', 'low']);
  assert.equal(sectionOf(task('later', 3), now), null);
});

test('of a team who is latest comes first, and a draft for the manager counts with both', () => {
  const drafts = [{ state: 'pending', needs: 'manager', reviewer: 'Ines', owner: 'Tom' }, { state: 'sent', needs: 'owner', reviewer: 'Tom', owner: 'Tom' }];
  const tasks = [{ state: 'open', owner: 'Ana', dueAt: '2026-05-01T00:00:00Z' }, { state: 'open', owner: 'Tom', dueAt: '2026-06-01T00:00:00Z' }];
  const rows = rowsOf([{ state: 'running', owner: 'Tom', late: false }], tasks, drafts, Date.parse('2026-05-20T00:00:00Z'));
  assert.deepEqual(rows.map(row => [row.owner, row.plays, row.tasks, row.lateTasks, row.drafts, row.approvals]),
    [['Ana', 0, 1, 1, 0, 0], ['Tom', 1, 1, 0, 0, 1], ['Ines', 0, 0, 0, 1, 0]]);
});

test('a fact is told by its name and in its unit, and what matters comes first', () => {
  const titles = [
    { key: 'seatsUsed', title: 'Seats in use as a share of those paid for', unit: 'share' },
    { key: 'feature:', title: 'Whether a feature was used in the last twelve weeks, such as feature:reports', unit: 'yes or no' },
    { key: 'atRisk', title: 'Whether a churn-risk episode is open', unit: 'yes or no' },
  ];
  assert.deepEqual(factWords('seatsUsed', 0.5, titles), { title: 'Seats in use as a share of those paid for', value: '50%' });
  assert.deepEqual(factWords('feature:reports', true, titles), { title: 'Feature was used in the last twelve weeks: reports', value: 'yes' });
  assert.deepEqual(factWords('atRisk', false, titles), { title: 'Churn-risk episode is open', value: 'no' });
  const { first, rest } = splitFacts({ loginFrequency: 2, arr: 5, score: 60 });
  assert.deepEqual([first.map(([key]) => key), rest.map(([key]) => key)], [['score', 'arr'], ['loginFrequency']]);
});

test('the blanks of a text are found, and an approval has none', () => {
  const draft = { kind: 'email', subject: 'Terms', text: 'Here: [terms]. And [terms], by [when].' };
  assert.deepEqual(blanksOf(draft), ['[terms]', '[when]']);
  assert.deepEqual(blanksOf({ ...draft, kind: 'approval' }), []);
});

test('a moment is told by how far off it is, and what is put off comes back in the morning', () => {
  const now = new Date(2026, 4, 20, 17, 30).getTime();
  assert.deepEqual([distance(now + 5 * 3_600_000, now), distance(now - 3 * DAY, now), distance(now + 60_000, now)], ['in 5 h', '3 d late', 'in 1 min']);
  assert.equal(morningAfter(now, 1), new Date(2026, 4, 21, 8).getTime());
});

test('what people did stands in the line of time with what happened, newest first', () => {
  const play = { title: 'Save', reason: 'red', startedAt: '2026-05-01T00:00:00Z', endedAt: '2026-05-09T00:00:00Z', exit: 'recovered', outcome: 'saved' };
  const task = { title: 'Call', state: 'done', endedAt: '2026-05-03T00:00:00Z', outcome: 'well', notes: null, by: 'Tom' };
  const draft = { id: 'a:draft:1', title: 'Write', subject: '', kind: 'email', state: 'pending', sentAt: null, decidedAt: null };
  const events = deskEvents([play], [draft], [task], Date.parse('2026-05-02T00:00:00Z'));
  assert.deepEqual(merge([{ at: '2026-05-05T00:00:00Z', title: 'NPS' }], events).map(event => event.title),
    ['Save ended: recovered', 'NPS', 'Task done: Call']);
});

test('how long an alert took is told in the unit that people would use, and a rate beside its budget', () => {
  assert.deepEqual([null, 0.25, 3.04, 30, 47.9, 60].map(spanOf), ['-', '15 min', '3 h', '30 h', '47.9 h', '2.5 d']);
  assert.deepEqual([shareOfBudget(2, { most: 3 }), shareOfBudget(2, null), perWeek(2.75)], ['2 of 3', '2', '2.8']);
});

test('a day of a date field lasts until its end by the clock of who reads, and days are counted by it', () => {
  assert.equal(endOfDate('2026-05-20'), new Date(2026, 4, 20, 23, 59, 59).getTime());
  assert.equal(dateAfter(new Date(2026, 11, 31, 23, 30).getTime(), 1), '2027-01-01');
  assert.equal(dateAfter(new Date(2026, 2, 5, 0, 30).getTime(), 0), '2026-03-05');
});

test('a book is handed over by its owner\'s manager, and by anybody where there are no teams', () => {
  const teams = [{ manager: 'Ines', members: ['Tom'] }, { manager: 'Olaf', members: ['Ana'] }];
  assert.deepEqual([whoMust([], 'Tom', ''), whoMust(teams, 'Tom', 'Ines'), whoMust(teams, 'Tom', 'Olaf')], [null, null, 'Ines']);
  assert.deepEqual([whoMust(teams, null, 'Olaf'), whoMust(teams, 'Zoe', 'Tom')], [null, 'a manager']);
});
