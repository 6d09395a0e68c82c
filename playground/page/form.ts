// The form of a spec's settings, made from the configuration's types: numbers, truth values, choices and lists each as browsers
// have them. What is typed is text; the compiler reads it as the command line does.
import { html, type Markup, nothing } from '../../report/shared/markup.js';
import type { ShownSetting } from '../shared/protocol.js';

type Field = (setting: ShownSetting, id: string) => Markup;

const fields: Readonly<Record<ShownSetting['kind'], Field>> = {
  number: ({ name, value }, id) =>
    html`<input id="${id}" data-setting="${name}" inputmode="decimal" autocomplete="off" size="7" value="${value}">`,
  numbers: ({ name, value }, id) =>
    html`<input id="${id}" data-setting="${name}" autocomplete="off" size="14" value="${value}">`,
  boolean: (setting, id) => choice(setting, id, ['true', 'false']),
  choice: (setting, id) => choice(setting, id, (setting.options ?? []).map(String)),
};

const choice = ({ name, value }: ShownSetting, id: string, options: readonly string[]): Markup =>
  html`<select id="${id}" data-setting="${name}">${options.map(
    (option) => html`<option value="${option}"${option === value && html` selected`}>${option}</option>`,
  )}</select>`;

export const settingsForm = (settings: readonly ShownSetting[]): Markup =>
  settings.length === 0
    ? html`<p class="note">This spec has no settings.</p>`
    : html`${settings.map((setting, n) => {
        const id = `setting-${n}`;
        const isChanged = setting.value !== setting.default;
        return html`<label for="${id}"${setting.summary !== undefined && html` title="${setting.summary}"`}><span>${setting.name}${isChanged ? html` <small>(${setting.default})</small>` : nothing}</span>${fields[setting.kind](setting, id)}</label>`;
      })}`;
