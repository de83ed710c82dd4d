import { readExample, withFields } from '../../harness/n8n/examples';
import { ALLOWED, describeSlackYear } from './slackYears';

const DAYS = 5;

describeSlackYear('alert-to-slack', {
	workflow: withFields(readExample('alert-to-slack'), 'Who may have access', {
		allowed: `our-own.example, ${ALLOWED.address}`,
		days: String(DAYS),
	}),
	trigger: 'Four times a day',
	days: DAYS,
	tellsEnds: false,
	firstRunOnlyRemembers: false,
	memory: 'Told before',
	keptDays: 2 * DAYS,
});
