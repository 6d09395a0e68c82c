#!/usr/bin/env node
// The `heddle` program: hands the command line to its command, and the exit code to the system.
// Nothing else happens here but what is the process's own, so that tests can run everything else in theirs.
import { setFlagsFromString } from 'node:v8';
import { heddle } from './program.js';
import { processTerminal } from './terminal.js';

// A compile runs most functions a few hundred times: V8's optimising compiler, which starts after some 66 kB of bytecode,
// then takes longer than what it saves (docs/decisions/0017). Loops that run for longer still reach it, milliseconds later.
const LAST_NODE_WITH_FLAG = 25;
if (Number.parseInt(process.versions.node, 10) <= LAST_NODE_WITH_FLAG) setFlagsFromString('--interrupt-budget=500000');

process.exitCode = await heddle(process.argv.slice(2), processTerminal(process));
