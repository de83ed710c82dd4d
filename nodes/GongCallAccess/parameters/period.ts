import { FailureError } from '../failure';
import type { Period } from '../gong/calls';
import * as messages from '../messages/inputMessages';
import { attempt, oneOf } from './choices';
import { daysBeforeToday, localTime, mondayBefore, monthBefore, parseDateTime } from './dateTime';
import { readWorkspaceId } from './ids';
import type { ItemContext } from './itemContext';
import { LABELS, PERIODS } from './labels';
import type { NodeParameters } from './nodeParameters';

/**
 * The period whose calls an item means: whole days by the calendar of the workflow's time zone and none of them
 * with today, or from one moment to another.
 * @param now milliseconds: when the run began, the same for all of its items
 * @throws {FailureError} naming the parameter and the value; what n8n throws for an expression
 */
export function periodOf(parameters: NodeParameters, context: ItemContext, now: number): Period {
	const label = LABELS.workspaceId;
	const given = parameters.value(context, 'workspaceId', '');
	const workspaceId = attempt(label, () => readWorkspaceId(given, label));
	if (!workspaceId.ok) throw new FailureError(workspaceId.failure);
	const [from, to] = edges(parameters, context, now);
	return { from: from.toISOString(), to: to.toISOString(), workspaceId: workspaceId.value };
}

function edges(parameters: NodeParameters, context: ItemContext, now: number): [Date, Date] {
	const zone = context.getTimezone();
	const chosen = parameters.value(context, 'period', 'last7Days');
	switch (oneOf(PERIODS, chosen, LABELS.period)) {
		case 'last7Days':
			return [daysBeforeToday(7, now, zone), daysBeforeToday(0, now, zone)];
		case 'lastWeek':
			return [mondayBefore(1, now, zone), mondayBefore(0, now, zone)];
		case 'lastMonth':
			return [monthBefore(1, now, zone), monthBefore(0, now, zone)];
		case 'custom':
			return customEdges(parameters, context);
	}
}

function customEdges(parameters: NodeParameters, context: ItemContext): [Date, Date] {
	const zone = context.getTimezone();
	const moment = (name: 'periodStart' | 'periodEnd'): Date => {
		const value = parameters.value(context, name, '');
		const read = parseDateTime(value, zone, name === 'periodStart' ? 'start' : 'end');
		if (read) return read;
		throw new FailureError(messages.notADateTime(LABELS[name], value));
	};
	const [from, to] = [moment('periodStart'), moment('periodEnd')];
	if (from < to) return [from, to];
	const [start, end] = [from, to].map((edge) => localTime(edge, zone));
	throw new FailureError(messages.emptyPeriod(LABELS.periodEnd, LABELS.periodStart, start, end));
}
