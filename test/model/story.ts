/** A run as a story: the input, the requests, the output, and what Gong holds. */
import { callsOf, writesIn, type AccessSnapshot, type LoggedRequest } from '../harness/gong';
import { faultInWords, type FaultCase } from './faultCases';
import type { Played } from './play';
import { saidBy } from './said';

/** A value as JSON. */
export const brief = (value: unknown): string => JSON.stringify(value) ?? 'undefined';

export function requestInWords(entry: LoggedRequest): string {
	const [write] = writesIn([entry]);
	const what = write
		? write.changes.map(({ callId, userIds }) => `${callId}:${userIds.join('+')}`).join(' ')
		: callsOf(entry).join(' ');
	const path = entry.path.replace('/v2/calls/users-access', 'access');
	return `${entry.method} ${path} ${what} → ${entry.status ?? 'no answer'}`;
}

function accessInWords({ apiAccess, otherAccess }: AccessSnapshot): string {
	const lists = (access: Record<string, string[]>): string =>
		Object.entries(access)
			.filter(([, users]) => users.length > 0)
			.map(([callId, users]) => `${callId}:${users.join('+')}`)
			.join('  ') || 'nobody';
	return `${lists(apiAccess)}   (shared ${lists(otherAccess)})`;
}

export interface Setting {
	onError: string;
	settings: Record<string, unknown>;
	parameters: unknown;
	items: unknown[];
	faults: FaultCase[];
	cancel: unknown;
}

export function storyOf(setting: Setting, played: Played): string {
	const { rows, errors, stopped } = saidBy(played.result);
	return [
		`  Parameters: ${brief(setting.parameters)}`,
		`  Settings:   ${setting.onError}${Object.entries(setting.settings)
			.filter(([, value]) => value === true)
			.map(([name]) => `, ${name}`)
			.join('')}`,
		...setting.items.map((item, place) => `  Item ${place}:     ${brief(item)}`),
		...setting.faults.map((fault) => `  Fault:      ${faultInWords(fault)}`),
		...(setting.cancel === null ? [] : [`  Cancel:     ${brief(setting.cancel)}`]),
		`  Before:     ${accessInWords(played.before)}`,
		...played.log.map((entry) => `  Sent:       ${requestInWords(entry)}`),
		`  After:      ${accessInWords(played.after)}`,
		`  Status:     ${played.result.run.status}`,
		...rows.map(({ place, json }) => `  Row of ${place}:   ${brief(json)}`),
		...errors.map(({ place, text, details }) => `  Error of ${place}: ${text} ${brief(details)}`),
		...(stopped === null ? [] : [`  Stopped:    ${stopped.replaceAll('\n', ' / ')}`]),
	].join('\n');
}
