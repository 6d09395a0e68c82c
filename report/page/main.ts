// The script of a report: reads the data of the document and makes its pictures follow what a reader chooses.
// It writes only Markup into the document, and the state of the page into the URL's hash.
import type { PageData } from '../shared/page-data.js';

const data = JSON.parse(document.getElementById('data')!.textContent!) as PageData;
document.documentElement.dataset['variants'] = String(data.showing.variants.length);
