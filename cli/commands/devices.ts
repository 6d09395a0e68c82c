// `heddle devices`: what specs can run on here; for what cannot run, why and what would make it.
// A device that is missing is no failure.
import type { Command } from 'commander';
import { addJsonOption } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { Act } from '../program.js';

const EXAMPLES = `
Examples:
  heddle devices
  heddle devices --json
`;

export function defineDevices(program: Command, act: Act): void {
  const command = program
    .command('devices')
    .summary('list what specs can run on here')
    .description('List the devices that run specs: which are here, and for the others why not and what would help.');
  addJsonOption(command).addHelpText('after', EXAMPLES).action(act(devices));
}

async function devices(): Promise<Outcome> {
  const [{ surveyDevices }, { renderTable }] = await Promise.all([
    import('../../driver/devices.js'),
    import('../../driver/table.js'),
  ]);
  const surveyed = await surveyDevices();
  return {
    text: renderTable(
      ['device', 'runs here', ''],
      surveyed.map(({ name, found }) =>
        found.available ? [name, 'yes', found.detail] : [name, 'no', `${found.why}; ${found.remedy}`],
      ),
    ),
    data: { devices: surveyed.map(({ name, found }) => ({ name, ...found })) },
  };
}
