import { FailureError } from '../failure';
import * as messages from '../messages/inputMessages';
import { oneOf } from './choices';
import { FieldPath, plainField } from './fieldPath';
import type { IdKind } from './ids';
import { isAddress, readableIds } from './ids';
import type { ItemContext } from './itemContext';
import { LABELS, PERIOD_SOURCE, SOURCE_NAMES } from './labels';
import type { NodeParameters } from './nodeParameters';
import { isRead } from './operationNames';

/** The three parameters that give IDs of a kind, one for each choice of "… From". */
const SOURCES = {
	call: { from: 'callsFrom', ids: 'callIds', field: 'callIdField', list: 'callList' },
	user: { from: 'usersFrom', ids: 'userIds', field: 'userIdField', list: 'userList' },
} as const satisfies Record<IdKind, Record<string, keyof typeof LABELS>>;

// No name of a column, which may be a shorter number.
const LOOKS_LIKE_IDS = /^\s*[0-9]{6,}\s*$|@|:\/\//;

/** The value that holds the IDs of an item. */
export interface IdsSource {
	/** The parameter as the panel names it. */
	label: string;
	value: unknown;
	/** Of the field of the item, where it is one. */
	path?: string;
	/** Whether it was picked in a list of the panel. */
	isPicked?: boolean;
}

/** The label of the parameter that a choice of Users From reads. */
export function labelOfUsers(from: unknown): string {
	return LABELS[from === 'field' || from === 'list' ? SOURCES.user[from] : SOURCES.user.ids];
}

/** Finds where the items of a run have their IDs. */
export class IdsSources {
	private readonly paths = new Map<string, FieldPath>();

	constructor(private readonly parameters: NodeParameters) {}

	/**
	 * Where an item has its IDs.
	 * @throws {FailureError} for a source that there is not, and for no name of a field; what n8n throws for an
	 * expression
	 */
	of(context: ItemContext, kind: IdKind): IdsSource {
		const source = SOURCES[kind];
		const chosen = this.parameters.value(context, source.from, 'ids');
		const mayBePeriod =
			kind === 'call' && isRead(this.parameters.value(context, 'operation', 'list'));
		if (kind === 'call' && chosen === 'period' && !mayBePeriod) {
			throw new FailureError(messages.periodOnlyForReads());
		}
		const choices = { ...SOURCE_NAMES[kind], ...(mayBePeriod ? PERIOD_SOURCE : {}) };
		const from = oneOf(choices, chosen, LABELS[source.from]);
		if (from === 'field') return this.inField(context, kind);
		const name = from === 'list' ? source.list : source.ids;
		const { raw } = this.parameters.raw(context, name, '');
		return {
			label: LABELS[name],
			value: plainField(context, raw) ?? this.parameters.value(context, name, ''),
			isPicked: from === 'list',
		};
	}

	private inField(context: ItemContext, kind: IdKind): IdsSource {
		const name = SOURCES[kind].field;
		const label = LABELS[name];
		const path = this.parameters.value(context, name, '');
		const { json } = context.getInputData();
		const value = typeof path === 'string' ? this.fieldAt(label, path).in(json) : undefined;
		const mayBeName =
			typeof path === 'string' && !this.parameters.raw(context, name, '').expression;
		if (value === undefined && (!mayBeName || LOOKS_LIKE_IDS.test(path))) {
			refuseIds(label, path, kind);
		}
		if (typeof path !== 'string') throw new FailureError(messages.notAFieldName(label, path));
		return { label, value, path };
	}

	private fieldAt(label: string, path: string): FieldPath {
		if (path.trim() === '') throw new FailureError(messages.notAFieldName(label, path));
		let field = this.paths.get(path);
		if (!field) {
			field = new FieldPath(path);
			this.paths.set(path, field);
		}
		return field;
	}
}

/** Refuses what stands in place of a field's name where it is what the field should hold. @throws {FailureError} */
function refuseIds(label: string, value: unknown, kind: IdKind): void {
	const { ids, complete } = readableIds(value, kind);
	if (!complete) return;
	const from = LABELS[SOURCES[kind].from];
	const typed = SOURCE_NAMES[kind].ids;
	throw new FailureError(
		messages.idForFieldName(label, { kind, isAddress: ids.every(isAddress), from, typed }),
	);
}
