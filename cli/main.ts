#!/usr/bin/env node
// The `heddle` program: hands the command line to its command, and the exit code to the system.
// Nothing else happens here but what is the process's own, so that tests can run everything else in theirs.
import { optimiseLate } from './optimising.js';
import { heddle } from './program.js';
import { processTerminal } from './terminal.js';

optimiseLate();

process.exitCode = await heddle(process.argv.slice(2), processTerminal(process));
