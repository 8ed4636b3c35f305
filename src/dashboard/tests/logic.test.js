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
