import { runNode } from '../harness/engine/engine';
import { gongsOfThisFile, jsonOf, toldBy } from '../harness/engine/support';
import { SAMPLE_CALL_IDS } from '../harness/gong';
const startGong = gongsOfThisFile();
test('x', async () => {
	const gong = await startGong();
	for (const splitInto of ['calls', 'users']) {
	const result = await runNode(gong, { parameters: { operation: 'explain', callIds: SAMPLE_CALL_IDS.join(), splitInto, ways: ['apiGrant','participant','permissionProfile','libraryFolder'], options: {includeUserDetails: splitInto === 'users', unknownCalls:'report'} } });
	console.log(toldBy(result), JSON.stringify(jsonOf(result.items).slice(0,6), null, 1), gong.log.map(e => e.method + ' ' + e.path + ' ' + e.status));
	}
});
