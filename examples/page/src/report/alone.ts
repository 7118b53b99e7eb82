import { readReport } from '../../../../bench/report.js';
import { ReportView } from './view.js';

// The script of a report in a file of its own, which holds the figures as JSON.
const view = new ReportView();
document.querySelector('main')!.append(view.element);
view.show(readReport(document.querySelector('#figures')!.textContent ?? ''));
