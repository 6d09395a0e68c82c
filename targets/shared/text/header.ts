// The comment that emitted programs begin with: what they were made from, and a hash of what stands below.
// The same in every language whose comments begin with two slashes.
import type { SettingValue } from '../../../src/ir/index.js';
import { joined, lineComment, type Source, settingsText } from './source.js';

export interface ProgramHeader {
  readonly name: string;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly version: string;
  readonly configuration: string;
  readonly target: string;
  readonly hash: string;
}

export function programHeader<L extends 'wgsl' | 'cuda'>(
  language: L,
  { name, settings, version, configuration, target, hash }: ProgramHeader,
): Source<L> {
  const set = settingsText(settings);
  const lines = [
    `${name}, compiled by heddle ${version} to ${target}: ${configuration}.`,
    ...(set === '' ? [] : [set]),
    `Hash ${hash} of all below. Made by a compiler: change the spec, not this file.`,
  ].map((line) => lineComment(language, line));
  return `${joined(lines, '\n')}\n` as Source<L>;
}
