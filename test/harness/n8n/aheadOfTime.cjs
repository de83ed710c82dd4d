/** Loaded into n8n before everything else: its clock is ahead by as much as a file says, at every moment. */
const { openSync, readSync } = require('node:fs');
const Module = require('node:module');

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

// SQLite has a clock of its own, so new rows of data tables are given their time here.
const load = Module._load;
Module._load = function (name, ...rest) {
	const loaded = load.call(this, name, ...rest);
	if (name === 'sqlite3') {
		Module._load = load;
		dateRows(loaded.Database.prototype);
	}
	return loaded;
};

function dateRows(database) {
	const { run } = database;
	database.run = function (sql, values, done) {
		const [, table] = /^INSERT INTO "(\w*data_table_user_\w+)"/.exec(sql) ?? [];
		if (!table) return run.apply(this, arguments);
		const change = (changes, then) => run.call(this, `UPDATE "${table}" SET ${changes}`, then);
		return run.call(this, sql, values, function (error) {
			if (error) return done.call(this, error);
			const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
			const isNew = `"id" > ${this.lastID - this.changes}`;
			return change(`"createdAt" = '${time}' WHERE ${isNew}`, (failed) => done.call(this, failed));
		});
	};
}
