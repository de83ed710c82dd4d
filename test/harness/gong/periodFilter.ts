/** Why Gong would refuse this period, or null. */
export function reasonToRefusePeriod(period: {
	fromDateTime?: string;
	toDateTime?: string;
}): string | null {
	const { fromDateTime, toDateTime } = period;
	for (const time of [fromDateTime, toDateTime]) {
		if (time !== undefined && Number.isNaN(Date.parse(time))) return `Not a date-time: ${time}`;
	}
	if (fromDateTime && toDateTime && Date.parse(fromDateTime) > Date.parse(toDateTime)) {
		return 'fromDateTime must be before toDateTime';
	}
	return null;
}
