/** Loaded into n8n before everything else: its clock is ahead by as much as a file says, at every moment. */
const { openSync, readSync } = require('node:fs');

const file = openSync(process.env.GONG_TEST_CLOCK, 'r');
const ahead = new Float64Array(1);
const RealDate = Date;
const realNow = RealDate.now;

function now() {
	readSync(file, ahead, 0, ahead.byteLength, 0);
	return realNow() + ahead[0];
}

RealDate.now = now;
// Not a class of its own: dates that come from Node itself must be dates here too.
globalThis.Date = new Proxy(RealDate, {
	construct: (target, args, maker) =>
		Reflect.construct(target, args.length > 0 ? args : [now()], maker),
	apply: () => new RealDate(now()).toString(),
});
RealDate.prototype.constructor = globalThis.Date;
