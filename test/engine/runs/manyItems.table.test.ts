/** Many items take n8n a while, whatever the node does with them. */
import { runNode } from '../../harness/engine/engine';
import { gongsOfThisFile } from '../../harness/engine/support';
import { makeData } from '../../harness/gong';

const startGong = gongsOfThisFile();

test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
	'20,000 items work, set to %s',
	async (onError) => {
		const gong = await startGong({ data: makeData({ calls: [{ id: '1', users: ['901'] }] }) });
		const { items, error } = await runNode(gong, {
			parameters: { callsFrom: 'field', callIdField: 'call' },
			items: Array.from({ length: 20_000 }, () => ({ call: '1' })),
			settings: { onError },
			alone: true,
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(20_000);
		expect(items.every(({ json }) => json.callId === '1')).toBe(true);
		expect(gong.log).toHaveLength(1);
	},
	240_000,
);
