import {
	describeWithN8n,
	SET_UP_MS,
	SKIPPED_WITHOUT_N8N as SKIPPED,
} from '../harness/n8n/skipping';
import { barsOf } from '../harness/soak/bars';
import { soak, type SoakResult } from '../harness/soak/soak';

const MINUTES = 2;

describeWithN8n(`two minutes of busy workflows in a real n8n, with faults${SKIPPED}`, () => {
	let result: SoakResult;

	beforeAll(async () => {
		result = await soak({ minutes: MINUTES });
	}, SET_UP_MS);

	test('every execution gives exactly the expected items, and Gong holds what the items say', () => {
		expect(result.violations).toEqual([]);
	});

	test('every workflow had work, and met faults that were retried and faults that were reported', () => {
		const faults = [...result.faults.values()];
		const sum = (key: 'answered' | 'reportedByItem') =>
			faults.reduce((all, one) => all + one[key], 0);
		expect(result.kindsDone).toHaveLength(6);
		expect(sum('answered')).toBeGreaterThan(0);
		expect(sum('reportedByItem')).toBeGreaterThan(0);
	});

	test('meets all its bars, with memory that does not grow', () => {
		expect(barsOf(result).filter(({ met }) => !met)).toEqual([]);
	});
});
