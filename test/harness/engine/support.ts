/** Helpers that the tests in n8n's engine share. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import {
	basicHeader,
	DEMO_ACCOUNT,
	QUICK,
	startLocalGong,
	type GongAccount,
	type LocalGong,
	type LoggedRequest,
	type LocalGongOptions,
} from '../gong';
import { openApiJudge, SKIPPED_WITHOUT_OPENAPI } from '../judging/openApi';
import type { RunResult } from './engine';

/**
 * Starts local Gongs that answer quickly, and closes them after the test file. Each has its own access key, and
 * so its own rate limiter in the node. A test fails whose requests or answers do not agree with Gong's OpenAPI description, where that is
 * there; `judge: undefined` leaves a Gong out, for requests that are wrong on purpose.
 */
export function gongsOfThisFile(): (options?: LocalGongOptions) => Promise<LocalGong> {
	const open: LocalGong[] = [];
	const judge = SKIPPED_WITHOUT_OPENAPI === '' ? openApiJudge() : undefined;
	const expectAgreement = (): void => {
		const found = [...(judge?.violations ?? [])];
		judge?.clear();
		expect(found).toEqual([]);
	};
	afterEach(expectAgreement);
	afterAll(async () => {
		// Concurrent tests end after the last of the others.
		expectAgreement();
		await Promise.all(open.map(async (gong) => await gong.close()));
	});
	return async (options) => {
		const gong = await startLocalGong({
			latency: QUICK,
			judge,
			accounts: [{ ...DEMO_ACCOUNT, accessKey: `KEY0OF0TEST-${randomUUID()}` }],
			...options,
		});
		open.push(gong);
		return gong;
	};
}

/** The three values of the node's On Error setting. */
export const ON_ERROR = [
	'stopWorkflow',
	'continueRegularOutput',
	'continueErrorOutput',
] as const satisfies INode['onError'][];

/** The JSON of items. */
export const jsonOf = (items: INodeExecutionData[]): IDataObject[] => items.map(({ json }) => json);

/** The input item that each item is linked to. */
export const linksOf = (items: INodeExecutionData[]): unknown[] =>
	items.map(({ pairedItem }) => (pairedItem as { item?: number } | undefined)?.item);

/** The content of an error item that a workflow can read. */
export const detailsOf = (item: INodeExecutionData | undefined): IDataObject =>
	(item?.json.details ?? {}) as IDataObject;

/** The call IDs in a request. */
export const askedIn = ({ body }: { body: string }): string[] =>
	(JSON.parse(body) as { filter: { callIds: string[] } }).filter.callIds;

/** The writes that were under way together with another request. */
export const writesBesideOthers = ({ log }: LocalGong): LoggedRequest[] =>
	log.filter(
		(write) =>
			['PUT', 'DELETE'].includes(write.method) &&
			log.some(
				(other) =>
					other !== write &&
					other.at < (write.endedAt ?? Infinity) &&
					(other.endedAt ?? Infinity) > write.at,
			),
	);

/** The users with API-given access to each call. */
export const accessOf = (gong: LocalGong): Record<string, string[]> =>
	gong.state.accessSnapshot().apiAccess;

/** Everything that the user sees of the node's error. */
export const toldBy = ({ error }: RunResult): string =>
	error ? `${error.message}\n${error.description ?? ''}` : '';

/** The calls that the message of a stopped run names behind these words. */
export const callsAfter = (text: string, words: string): string[] =>
	(new RegExp(`${words} (?:(?:for|of) )?calls? ([\\d, ]+)\\.`).exec(text)?.[1] ?? '')
		.split(', ')
		.filter(Boolean);

/** Everything that a run leaves behind, as text: items, run data, and errors with all their properties. */
export function tracesOf({ run, items, errorItems, error }: RunResult): string {
	const hidden = { depth: 12, showHidden: true, maxStringLength: Infinity, maxArrayLength: 1000 };
	return [
		JSON.stringify(items),
		JSON.stringify(errorItems),
		JSON.stringify(run.data.resultData),
		inspect(error, hidden),
		inspect(errorItems, hidden),
		inspect(run.data.resultData, hidden),
	].join('\n');
}

/** The forms in which a key or a secret could appear. */
export function secretsOf({ accessKey, accessKeySecret }: GongAccount = DEMO_ACCOUNT): string[] {
	const header = basicHeader({ accessKey, accessKeySecret });
	return [accessKey, accessKeySecret, header.replace('Basic ', '')];
}

/** All lines of n8n's log from now on, until the mocks are restored. */
export function watchLog(): string[] {
	const lines: string[] = [];
	const logger = Container.get(Logger);
	for (const level of ['debug', 'info', 'warn', 'error'] as const) {
		jest.spyOn(logger, level).mockImplementation((...logged: unknown[]) => {
			lines.push(`${level}: ${inspect(logged, { depth: 8, maxStringLength: Infinity })}`);
		});
	}
	return lines;
}
