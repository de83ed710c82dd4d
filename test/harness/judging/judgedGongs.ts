import { type LocalGong, type LocalGongOptions, QUICK, startLocalGong } from '../gong';
import { openApiJudge, type OpenApiJudge, SKIPPED_WITHOUT_OPENAPI } from './openApi';

/** The local Gongs of some tests, and the judge of all that they hear and say. */
export interface JudgedGongs {
	/** There once the tests run; it forgets what it saw after each. */
	readonly judge: OpenApiJudge;
	/** Starts one, which is closed after the test. */
	start(options?: LocalGongOptions): Promise<LocalGong>;
}

/** Describes tests whose local Gongs are judged by Gong's own OpenAPI description; skipped where that is missing. */
export function describeJudged(tests: (judged: JudgedGongs) => void): void {
	const describeUnlessSkipped = SKIPPED_WITHOUT_OPENAPI === '' ? describe : describe.skip;
	describeUnlessSkipped(`Gong's OpenAPI description${SKIPPED_WITHOUT_OPENAPI}`, () => {
		let judge: OpenApiJudge;
		const open: LocalGong[] = [];

		beforeAll(() => {
			judge = openApiJudge();
		});

		afterEach(async () => {
			judge.clear();
			await Promise.all(open.splice(0).map(async (gong) => await gong.close()));
		});

		tests({
			get judge() {
				return judge;
			},
			async start(options = {}) {
				const gong = await startLocalGong({ latency: QUICK, pageSize: 2, judge, ...options });
				open.push(gong);
				return gong;
			},
		});
	});
}
