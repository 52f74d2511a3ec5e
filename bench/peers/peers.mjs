// The workload in engines for Node: peers.mjs ENGINE DIR SECONDS
//
// DIR is what bench/drawn wrote. For each ticket the place of its rule goes to DIR/ENGINE.txt, or -1; to standard
// output one line: name, nanoseconds a ticket, tickets timed, milliseconds to load the rules. Tickets are objects
// already; as many are timed as the seconds allow, at least ten. Each engine is used as its own documentation says to
// find the first rule that matches.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [engine, dir, seconds] = process.argv.slice(2);
// The packages are beside the build, not beside this file.
const require = createRequire(resolve(process.env.PEERS, 'package.json'));
const rules = JSON.parse(readFileSync(`${dir}/neutral.json`, 'utf8'));
const priorities = ['low', 'normal', 'high', 'urgent'];
const tickets = readFileSync(`${dir}/tickets.ndjson`, 'utf8').trimEnd().split('\n').map((line) => {
  const { channel, priority, labels, segments } = JSON.parse(line);
  return { channel, priority: priorities.indexOf(priority), labels, segments };
});

// ---- json-rules-engine: every rule has a priority of its own, and the first that succeeds stops the run ----

const jreTests = {
  channel: (value) => ({ fact: 'channel', operator: 'equal', value }),
  priority: (value) => ({ fact: 'priority', operator: 'greaterThanInclusive', value }),
  label: (value) => ({ fact: 'labels', operator: 'contains', value }),
  segment: (value) => ({ fact: 'segments', operator: 'contains', value }),
  not_label: (value) => ({ fact: 'labels', operator: 'doesNotContain', value }),
};

// Of 1,000 rules a ticket takes so a third of what it takes where all rules have one priority and none stops the run.
function jre() {
  const { Engine } = require('json-rules-engine');
  const all = new Engine();
  rules.forEach((alternatives, at) => {
    const any = alternatives.map((tests) => ({ all: tests.map((t) => jreTests[t.kind](t.value)) }));
    all.addRule({ conditions: { any }, event: { type: 'matched', params: { at } }, priority: rules.length - at });
  });
  all.on('success', () => all.stop());
  return async (ticket) => (await all.run(ticket)).events[0]?.params.at ?? -1;
}

// ---- zen-engine: a decision table whose first hit counts; a rule with `or` is two rows ----

const zenTests = {
  channel: (value) => ['channel', `"${value}"`],
  priority: (value) => ['priority', `>= ${value}`],
  label: (value) => ['labels', `contains($, "${value}")`],
  segment: (value) => ['segments', `contains($, "${value}")`],
  not_label: (value) => ['labels', `not contains($, "${value}")`],
};

function zenRow(tests, at, number) {
  const row = { _id: `row${number}`, channel: '', priority: '', labels: '', segments: '', rule: `${at}` };
  for (const t of tests) {
    const [column, cell] = zenTests[t.kind](t.value);
    row[column] += (row[column] ? ' and ' : '') + cell;
  }
  return row;
}

function zen() {
  const { ZenEngine } = require('@gorules/zen-engine');
  const rows = rules.flatMap((alternatives, at) => alternatives.map((tests) => [tests, at]));
  const content = {
    hitPolicy: 'first',
    inputs: ['channel', 'priority', 'labels', 'segments'].map((field) => ({ id: field, name: field, field })),
    outputs: [{ id: 'rule', name: 'rule', field: 'rule' }],
    rules: rows.map(([tests, at], number) => zenRow(tests, at, number)),
  };
  const decision = new ZenEngine().createDecision({
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'table', name: 'table', type: 'decisionTableNode', position: { x: 0, y: 0 }, content },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 0, y: 0 } },
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' },
      { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' },
    ],
  });
  return async (ticket) => (await decision.evaluate(ticket)).result?.rule ?? -1;
}

// ---- timing ----

async function decideAll(decide) {
  const until = performance.now() + seconds * 1000;
  const decisions = [];
  for (const ticket of tickets) {
    if (decisions.length >= 10 && performance.now() > until) break;
    decisions.push(await decide(ticket));
  }
  return decisions;
}

const engines = { 'json-rules-engine': jre, 'zen-engine': zen };
const begun = performance.now();
const decide = engines[engine]();
await decide(tickets[0]); // whatever is done at the first ticket belongs to loading
const loaded = performance.now();
for (let i = 0; i < 200 && performance.now() < loaded + seconds * 300; i++) await decide(tickets[i]); // for the compiler of Node
const from = performance.now();
const decisions = await decideAll(decide);
const took = performance.now() - from;
writeFileSync(`${dir}/${engine}.txt`, decisions.join('\n') + '\n');
console.log(`${engine} ${Math.round((took * 1e6) / decisions.length)} ${decisions.length} ${(loaded - begun).toFixed(1)}`);
