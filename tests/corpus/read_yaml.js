// Reads YAML texts as Obsidian's world does: one JSON string a line in, one JSON answer a line out.
//
// Set-up: `npm ci --prefix tests/corpus` once (make setup does it); needs Node 18 or later.
'use strict';

const readline = require('node:readline');
const yaml = require('js-yaml');

const answers = [];

function answer(line) {
  try {
    return { value: yaml.load(JSON.parse(line)) ?? null };
  } catch (error) {
    return { error: error.message };
  }
}

readline
  .createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on('line', (line) => answers.push(JSON.stringify(answer(line))))
  .on('close', () => process.stdout.write(answers.join('\n') + '\n'));
