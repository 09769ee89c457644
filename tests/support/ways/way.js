// SPDX-License-Identifier: BSD-2-Clause
// way.js - the acts of way.c, by JavaScript's ways: fs (Node and Bun), and Bun's own: write, stream, shell (Bun.$).
//
//   bun|node way.js WAY ACT A B [ACT A B]...
const fs = require('fs'), net = require('net'), child = require('child_process');
const [way, ...steps] = process.argv.slice(2);

function put(path, flags, where) {
	const fd = fs.openSync(path, flags);
	try {
		fs.writeSync(fd, 'new', where);
	} finally {
		fs.closeSync(fd);
	}
}

function run(path, argument) {
	const done = child.spawnSync(path, [argument], { env: { OWN: 'environment' }, stdio: 'inherit' });
	if (done.error) throw done.error;
	return done.status ? 'status ' + done.status : 'ok';
}

function dial(address, port) {
	return new Promise((resolve, reject) => {
		const s = net.connect({ host: address, port: Number(port) });
		s.on('connect', () => { s.destroy(); resolve(); });
		s.on('error', reject);
	});
}

function stream(path, options) {
	return new Promise((resolve, reject) => {
		const s = fs.createWriteStream(path, options);
		s.on('error', reject);
		s.on('close', resolve);
		s.end('new');
	});
}

const byFs = {
	make: a => put(a, 'wx', 0),
	unlink: a => fs.unlinkSync(a),
	rename: (a, b) => fs.renameSync(a, b),
	truncate: a => fs.truncateSync(a, 1),
	overwrite: a => put(a, fs.constants.O_WRONLY | fs.constants.O_TRUNC, 0),
	inplace: a => put(a, fs.constants.O_WRONLY, 100),
	creat: a => fs.writeFileSync(a, 'new'),
	exec: run,
	connect: dial,
};
const $ = async (strings, ...values) => {
	const done = await Bun.$(strings, ...values).nothrow().quiet();
	return done.exitCode ? 'status ' + done.exitCode : 'ok';
};
const ways = {
	fs: byFs,
	promises: {
		...byFs,
		unlink: a => fs.promises.unlink(a),
		rename: (a, b) => fs.promises.rename(a, b),
		truncate: a => fs.promises.truncate(a, 1),
		overwrite: a => fs.promises.writeFile(a, 'new'),
		inplace: a => stream(a, { flags: 'r+', start: 100 }),
		creat: a => stream(a),
	},
	bun: {
		...byFs,
		unlink: a => Bun.file(a).delete(),
		overwrite: a => Bun.write(a, 'new'),
		creat: async a => { const w = Bun.file(a).writer(); w.write('new'); await w.end(); },
		exec: (a, b) => {
			const done = Bun.spawnSync([a, b], { env: { OWN: 'environment' } });
			return done.exitCode ? 'status ' + done.exitCode : 'ok';
		},
		connect: async (a, b) => (await Bun.connect({ hostname: a, port: Number(b), socket: { data() {}, error() {} } })).end(),
	},
	shell: {
		...byFs,
		make: a => $`echo new > ${a}`,
		unlink: a => $`rm ${a}`,
		rename: (a, b) => $`mv ${a} ${b}`,
		overwrite: a => $`echo new > ${a}`,
		exec: (a, b) => $`${a} ${b}`,
	},
};

async function main() {
	for (let i = 0; i + 2 < steps.length; i += 3) {
		const [act, a, b] = steps.slice(i, i + 3);
		let said = 'n/a';
		if (ways[way][act]) {
			try {
				const result = await ways[way][act](a, b);
				said = typeof result === 'string' ? result : 'ok';
			} catch (e) {
				said = String(e.code || e.message);
			}
		}
		fs.writeSync(1, `= ${act} ${a}: ${said}\n`);
	}
	process.exit(0);
}
main();
