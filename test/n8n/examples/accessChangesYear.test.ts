import { readExample } from '../../harness/n8n/examples';
import { describeSlackYear } from './slackYears';

describeSlackYear('access-changes', {
	workflow: readExample('access-changes'),
	trigger: 'Every hour',
	days: 7,
	tellsEnds: true,
	firstRunOnlyRemembers: true,
	memory: 'Seen before',
	keptDays: 8,
});
