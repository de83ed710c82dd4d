import * as echarts from 'echarts';

import { CALLS_PER_REQUEST, limitSeconds } from './gongSide';
import type { LimitOnResult, LimitOnSizes } from './limitOn';
import { whole } from './numbers';
import { type Way, WAY_NAMES } from './ways';

const WIDTH = 960;
const HEIGHT = 500;

/** Each colour in the light and the dark theme. */
const COLOURS = {
	ground: ['#fffffe', '#0d1117'],
	text: ['#1f2328', '#e6edf3'],
	faint: ['#d1d9e0', '#3d444d'],
	limit: ['#59636e', '#9198a1'],
	itemByItemAt3: ['#bc4c00', '#f0883e'],
	handCutAt3: ['#8250df', '#bc8cff'],
	handCutAt2: ['#1a7f37', '#3fb950'],
	field: ['#0969da', '#58a6ff'],
} as const;

interface Line {
	readonly way: Way;
	readonly colour: string;
	readonly symbol: string;
	readonly size: number;
	readonly width: number;
	readonly dash: 'solid' | 'dashed';
}

// Where lines cover each other, the wide one is below and the narrow one above.
const LINES: readonly Line[] = [
	{
		way: 'itemByItemAt3',
		colour: COLOURS.itemByItemAt3[0],
		symbol: 'triangle',
		size: 11,
		width: 2,
		dash: 'solid',
	},
	{
		way: 'field',
		colour: COLOURS.field[0],
		symbol: 'circle',
		size: 13,
		width: 5,
		dash: 'solid',
	},
	{
		way: 'handCutAt2',
		colour: COLOURS.handCutAt2[0],
		symbol: 'rect',
		size: 9,
		width: 2,
		dash: 'solid',
	},
	{
		way: 'handCutAt3',
		colour: COLOURS.handCutAt3[0],
		symbol: 'diamond',
		size: 10,
		width: 2,
		dash: 'dashed',
	},
];
const LEGEND: readonly Way[] = ['field', 'handCutAt3', 'handCutAt2', 'itemByItemAt3'];
const LIMIT_NAME = "Gong's limit itself (computed)";
const DOTS = `path://${[0, 8, 16, 24, 32].map((x) => `M${x},0h4v2h-4z`).join('')}`;
const CROSS = 'path://M0,0L10,10M10,0L0,10';

/** One half of the picture: seconds against something. */
interface Panel {
	readonly title: string;
	readonly results: readonly LimitOnResult[];
	readonly xOf: (result: LimitOnResult) => number;
	readonly limit: readonly (readonly [number, number])[];
	readonly axis: echarts.XAXisComponentOption;
	readonly seconds: echarts.YAXisComponentOption;
}

/** Seconds by latency and by number of calls, a line for each way, as an SVG that follows the theme. */
export function drawChart(results: readonly LimitOnResult[], sizes: LimitOnSizes): string {
	const chart = echarts.init(null, null, {
		renderer: 'svg',
		ssr: true,
		width: WIDTH,
		height: HEIGHT,
	});
	const text = { color: COLOURS.text[0], fontSize: 13 };
	const grids = [60, 550].map((left) => ({ left, width: 380, top: 180, bottom: 60 }));
	const look = {
		axisLabel: { ...text, formatter: (value: number) => value.toLocaleString('en-US') },
		axisLine: { show: true, lineStyle: { color: COLOURS.text[0] } },
		splitLine: { lineStyle: { color: COLOURS.faint[0] } },
	};
	const panels = [byLatency(results, sizes), byCalls(results, sizes)];
	const anyFailed = panels.some((panel) =>
		panel.results.some(({ status }) => status !== 'success'),
	);
	chart.setOption({
		animation: false,
		backgroundColor: COLOURS.ground[0],
		textStyle: { fontFamily: 'system-ui, sans-serif' },
		legend: {
			top: 8,
			left: 44,
			orient: 'vertical',
			itemWidth: 40,
			itemGap: 6,
			selectedMode: false,
			textStyle: text,
			data: [...LEGEND.map((way) => WAY_NAMES[way]), { name: LIMIT_NAME, icon: DOTS }],
			formatter: (name: string) => `${name}${linksOf(name, results)}`,
		},
		title: panels.map(({ title }, index) => ({
			text: title,
			subtext: anyFailed && index === 0 ? '✕ the workflow failed and gave no rows' : '',
			top: 128,
			left: grids[index].left - 10,
			itemGap: 4,
			textStyle: { ...text, fontSize: 15, fontWeight: 'bold' as const },
			subtextStyle: { ...text, fontSize: 12 },
		})),
		grid: grids,
		xAxis: panels.map(({ axis }, gridIndex) => ({
			...look,
			...axis,
			axisLabel: { ...look.axisLabel, margin: 12 },
			gridIndex,
			nameLocation: 'middle',
			nameGap: 36,
			nameTextStyle: text,
		})) as echarts.XAXisComponentOption[],
		yAxis: panels.map(({ seconds }, gridIndex) => ({
			...look,
			...seconds,
			axisLabel: { ...look.axisLabel, showMaxLabel: seconds.type !== 'log' },
			gridIndex,
		})) as echarts.YAXisComponentOption[],
		series: panels.flatMap(seriesOf),
	});
	const svg = chart.renderToSVGString();
	chart.dispose();
	return followingTheme(svg);
}

function byLatency(results: readonly LimitOnResult[], { calls, latencies }: LimitOnSizes): Panel {
	return {
		title: `Seconds with Gong: ${whole(calls)} calls`,
		results: results.filter((result) => result.calls === calls),
		xOf: ({ latencyMs }) => latencyMs,
		limit: latencies.map((latency) => [latency, limitOf(calls, latency)]),
		axis: { type: 'value', min: 0, max: Math.max(...latencies), name: 'latency, ms' },
		seconds: { type: 'value', min: 0 },
	};
}

function byCalls(results: readonly LimitOnResult[], sizes: LimitOnSizes): Panel {
	const { latencyOfSizes, sizes: calls } = sizes;
	const least = Math.min(...calls);
	return {
		title: `Seconds with Gong: ${whole(latencyOfSizes)} ms of latency`,
		results: results.filter(
			(result) => result.latencyMs === latencyOfSizes && result.calls >= least,
		),
		xOf: (result) => result.calls,
		limit: calls.map((count) => [count, limitOf(count, latencyOfSizes)]),
		axis: { type: 'log', min: least, max: Math.max(...calls), name: 'calls' },
		seconds: { type: 'log', min: 0.1, max: ({ max }) => 1.5 * max },
	};
}

function limitOf(calls: number, latencyMs: number): number {
	return limitSeconds(Math.ceil(calls / CALLS_PER_REQUEST), latencyMs);
}

function seriesOf(panel: Panel, index: number): echarts.SeriesOption[] {
	const axes = { xAxisIndex: index, yAxisIndex: index, silent: true };
	const limit: echarts.LineSeriesOption = {
		...axes,
		type: 'line',
		name: LIMIT_NAME,
		symbol: 'none',
		itemStyle: { color: COLOURS.limit[0] },
		lineStyle: { color: COLOURS.limit[0], width: 1.5, type: 'dotted' },
		data: panel.limit.map((point) => [...point]),
	};
	const ways = LINES.flatMap((line): echarts.SeriesOption[] => {
		const runs = panel.results
			.filter(({ way }) => way === line.way)
			.sort((a, b) => panel.xOf(a) - panel.xOf(b));
		const hasRows = ({ status }: LimitOnResult) => status === 'success';
		const name = WAY_NAMES[line.way];
		return [
			{
				...axes,
				type: 'line',
				name,
				symbol: line.symbol,
				symbolSize: line.size,
				showAllSymbol: true,
				itemStyle: { color: line.colour },
				lineStyle: { color: line.colour, width: line.width, type: line.dash },
				// A run without rows breaks the line.
				data: runs.map((run) => [panel.xOf(run), hasRows(run) ? run.gongSeconds : null]),
			},
			{
				...axes,
				type: 'scatter',
				name,
				symbol: CROSS,
				symbolSize: 12,
				z: 3,
				itemStyle: { color: 'none', borderColor: line.colour, borderWidth: 3, opacity: 1 },
				data: runs.filter((run) => !hasRows(run)).map((run) => [panel.xOf(run), run.gongSeconds]),
			},
		];
	});
	return [limit, ...ways];
}

/** Whether the rows of a way have their items, in words. */
function linksOf(name: string, results: readonly LimitOnResult[]): string {
	const line = LINES.find(({ way }) => WAY_NAMES[way] === name);
	const read = results.filter(
		({ way, rows, linkedRows }) => way === line?.way && rows > 0 && linkedRows !== undefined,
	);
	if (read.length === 0) return '';
	if (read.every(({ rows, linkedRows }) => linkedRows === rows)) return ': every row has its item';
	return read.every(({ linkedRows }) => linkedRows === 0)
		? ': no row has its item'
		: ': some rows lack their item';
}

/** The colours are for the light theme; a style sheet in the picture changes them in the dark one. */
function followingTheme(svg: string): string {
	const dark = Object.values(COLOURS)
		.flatMap(([light, colour]) => [
			`[fill="${light}"]{fill:${colour}}`,
			`[stroke="${light}"]{stroke:${colour}}`,
		])
		.join('');
	const style = `<style>@media (prefers-color-scheme:dark){${dark}}</style>`;
	return svg.replace(/(<svg[^>]*>)/, `$1\n${style}`);
}
