// The workload for CLIPS: lines.mjs DIR writes DIR/rules.clp and DIR/facts.txt (see clips.c).
import { readFileSync, writeFileSync } from 'node:fs';

const dir = process.argv[2];
const rules = JSON.parse(readFileSync(`${dir}/neutral.json`, 'utf8'));
const priorities = ['low', 'normal', 'high', 'urgent'];
const saliences = 10000; // the most that CLIPS knows, and as many below 0

const patterns = {
  channel: (value) => `(channel (v ${value}))`,
  label: (value) => `(label (v ${value}))`,
  segment: (value) => `(segment (v ${value}))`,
  priority: (value) => `(priority (v ?p&:(>= ?p ${value})))`,
  not_label: (value) => `(not (label (v ${value})))`,
};
// What is asked for comes before what is forbidden: a network that begins with `not` would hold for no ticket at all.
const order = ['label', 'segment', 'channel', 'priority', 'not_label'];
const conj = (tests) =>
  [...tests].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)).map((t) => patterns[t.kind](t.value)).join(' ');

const templates = ['channel', 'label', 'segment', 'priority'].map((t) => `(deftemplate ${t} (slot v))`);
const defrules = rules.map((alternatives, at) => {
  const when =
    alternatives.length > 1 ? `(or ${alternatives.map((tests) => `(and ${conj(tests)})`).join(' ')})` : conj(alternatives[0]);
  return `(defrule r${at} (declare (salience ${saliences - at})) ${when} => (bind ?*rule* ${at}))`;
});
writeFileSync(`${dir}/rules.clp`, [...templates, '(defglobal ?*rule* = -1)', ...defrules].join('\n') + '\n');

const tickets = readFileSync(`${dir}/tickets.ndjson`, 'utf8').trimEnd().split('\n').map((line) => {
  const t = JSON.parse(line);
  const names = [...t.labels.map((v) => `label ${v}`), ...t.segments.map((v) => `segment ${v}`)];
  return [`channel ${t.channel}`, `priority ${priorities.indexOf(t.priority)}`, ...names].join(' ');
});
writeFileSync(`${dir}/facts.txt`, tickets.join('\n') + '\n');
