/** Holds a run with faults against the same run without: what no fault concerns is the same. */
import type { IDataObject } from 'n8n-workflow';
import { isDeepStrictEqual } from 'node:util';
import { callsOf, type LoggedRequest } from '../harness/gong';
import { RAW_WORDS } from '../harness/judging/rawWords';
import {
	callsFor,
	hasDetails,
	workspaceOf,
	workspaceOfPart,
	type LookUpCase,
	type LookUpItem,
} from './lookUpCase';
import type { Played } from './play';
import { idsIn, saidBy } from './said';
import { brief } from './story';
import type { Violation } from './violation';

/** Whether the rows of an item depend on a request. */
function needs(run: LookUpCase, item: LookUpItem, request: LoggedRequest): boolean {
	const { path, query } = request;
	const explains = run.operation === 'explain';
	const calls = callsFor(run, item);
	// A sign-in that is refused for some calls is refused for all: no more requests like it are sent.
	const isOfAll = request.status === 401 || request.status === 403;
	const namesCall = (): boolean => isOfAll || callsOf(request).some((id) => calls.includes(id));
	const workspaces = new Set(calls.map(workspaceOf));
	const looksBy = (...ways: string[]): boolean =>
		explains && ways.some((way) => item.ways.includes(way));
	const byProfile = ['participant', 'permissionProfile', 'libraryFolder'];
	switch (path) {
		case '/v2/calls/users-access':
			return namesCall();
		case '/v2/calls/extensive':
			return (explains || hasDetails(run, item)) && namesCall();
		case '/v2/calls':
			return run.fromPeriod && (query.workspaceId ?? '') === item.workspace;
		case '/v2/all-permission-profiles':
			return looksBy(...byProfile) && workspaces.has(query.workspaceId);
		case '/v2/permission-profile/users':
			return looksBy(...byProfile) && workspaces.has(workspaceOfPart(query.profileId));
		case '/v2/library/folders':
			return looksBy('libraryFolder') && workspaces.has(query.workspaceId);
		case '/v2/library/folder-content':
			return looksBy('libraryFolder') && workspaces.has(workspaceOfPart(query.folderId));
		default:
			return explains || hasDetails(run, item);
	}
}

function plain(json: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([key]) => !/^requestIds?$/.test(key)));
}

/** All that must hold after a run, beside its healthy twin. */
export function* checkLookUps(
	run: LookUpCase,
	played: Played,
	healthy: Played,
): Generator<Violation> {
	if (healthy.result.run.status !== 'success' || healthy.result.errorItems.length > 0) {
		yield { rule: 'healthy: failed', words: brief(healthy.result.errorItems) };
		return;
	}
	if (played.result.run.status !== 'success') {
		yield { rule: 'continue fails', words: String(played.result.error?.message) };
		return;
	}
	const said = saidBy(played.result);
	const twin = saidBy(healthy.result);
	const refused = played.log.filter(({ status }) => status !== 200);
	for (const { text } of said.errors) {
		if (RAW_WORDS.test(text)) yield { rule: 'raw words', words: text };
	}
	for (const { text, place } of twin.errors) {
		yield { rule: 'healthy: failed', words: `Item ${place}: ${text}` };
	}
	for (const [place, item] of run.items.entries()) {
		const rows = said.rows.filter((row) => row.place === place).map(({ json }) => plain(json));
		const errors = said.errors.filter((error) => error.place === place);
		const wanted = twin.rows.filter((row) => row.place === place).map(({ json }) => plain(json));
		const rowOf = (callId: unknown) => wanted.find((row) => row.callId === callId);
		if (refused.some((request) => needs(run, item, request))) {
			const told = new Set([
				...rows.map(({ callId }) => String(callId)),
				...errors.flatMap(({ callIds }) => callIds),
			]);
			const isListed = run.fromPeriod && errors.some(({ callIds }) => callIds.length === 0);
			const missing = callsFor(run, item).filter((id) => !told.has(id));
			if (missing.length > 0 && !isListed) {
				yield { rule: 'call not answered', words: `Item ${place}: ${missing.join()}` };
			}
			for (const row of rows) {
				const known = idsIn(rowOf(row.callId)?.userIds);
				const strange = idsIn(row.userIds).filter((id) => !known.includes(id));
				if (strange.length > 0) yield { rule: 'rows: strangers', words: brief(row) };
			}
			continue;
		}
		if (errors.length > 0) {
			const by = refused.map(({ path }) => path.replace('/v2/', ''));
			yield {
				rule: `failed for a refusal of others (${[...new Set(by)].sort().join(', ')})`,
				words: `Item ${place} needs no request that was refused: ${errors[0].text}`,
			};
		} else if (!isDeepStrictEqual(rows, wanted)) {
			const at = wanted.findIndex((row, index) => !isDeepStrictEqual(row, rows[index]));
			yield {
				rule: 'rows: otherwise than without faults',
				words: `Item ${place}: ${brief(rows[at])}, not ${brief(wanted[at])}`,
			};
		}
	}
}
