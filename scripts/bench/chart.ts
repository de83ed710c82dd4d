import * as echarts from 'echarts';

import type { LimitOnResult } from './limitOn';
import type { Way } from './ways';

const WIDTH = 960;
const HEIGHT = 460;

/** Each colour in the light and the dark theme. */
const COLOURS = {
	ground: ['#fffffe', '#0d1117'],
	text: ['#1f2328', '#e6edf3'],
	faint: ['#d1d9e0', '#3d444d'],
	itemByItem: ['#bc4c00', '#f0883e'],
	handCut: ['#8250df', '#bc8cff'],
	field: ['#0969da', '#58a6ff'],
} as const;

interface Line {
	readonly way: Way;
	readonly name: string;
	readonly colour: string;
	readonly symbol: string;
	readonly size: number;
	readonly width: number;
	readonly dash: 'solid' | 'dashed';
}

// Our node's line covers that of the cut list, so the wide one is below and the narrow one above.
const LINES: readonly Line[] = [
	{
		way: 'itemByItem',
		name: 'HTTP Request, item by item',
		colour: COLOURS.itemByItem[0],
		symbol: 'triangle',
		size: 11,
		width: 2,
		dash: 'solid',
	},
	{
		way: 'field',
		name: 'Gong Call Access',
		colour: COLOURS.field[0],
		symbol: 'circle',
		size: 15,
		width: 6,
		dash: 'solid',
	},
	{
		way: 'handCut',
		name: 'HTTP Request, list cut by hand',
		colour: COLOURS.handCut[0],
		symbol: 'diamond',
		size: 10,
		width: 2,
		dash: 'dashed',
	},
];

/** Requests and seconds by number of calls, a line for each way, as an SVG that follows the theme. */
export function drawChart(results: readonly LimitOnResult[]): string {
	const chart = echarts.init(null, null, {
		renderer: 'svg',
		ssr: true,
		width: WIDTH,
		height: HEIGHT,
	});
	const text = { color: COLOURS.text[0], fontSize: 13 };
	const left = { left: 60, width: 380, top: 140, bottom: 60 };
	const grids = [left, { ...left, left: 550 }];
	const look = {
		axisLabel: { ...text, formatter: (value: number) => value.toLocaleString('en-US') },
		axisLine: { show: true, lineStyle: { color: COLOURS.text[0] } },
		splitLine: { lineStyle: { color: COLOURS.faint[0] } },
	};
	const calls = (gridIndex: number) => ({
		...look,
		axisLabel: { ...look.axisLabel, margin: 12 },
		gridIndex,
		type: 'log' as const,
		min: 100,
		max: 10_000,
		name: 'calls',
		nameLocation: 'middle' as const,
		nameGap: 36,
		nameTextStyle: text,
	});
	chart.setOption({
		animation: false,
		backgroundColor: COLOURS.ground[0],
		textStyle: { fontFamily: 'system-ui, sans-serif' },
		legend: {
			top: 8,
			left: 44,
			orient: 'vertical',
			itemWidth: 40,
			itemGap: 8,
			selectedMode: false,
			textStyle: text,
			formatter: (name: string) => `${name}${linksOf(name, results)}`,
		},
		title: ['Requests to Gong', 'Seconds with Gong'].map((title, index) => ({
			text: title,
			top: 96,
			left: grids[index].left - 10,
			textStyle: { ...text, fontSize: 15, fontWeight: 'bold' as const },
		})),
		grid: grids,
		xAxis: [calls(0), calls(1)],
		yAxis: [
			{ ...look, gridIndex: 0, type: 'log', min: 1, max: 10_000 },
			{ ...look, gridIndex: 1, type: 'value', min: 0 },
		],
		series: LINES.flatMap((line) => seriesOf(line, results)),
	});
	const svg = chart.renderToSVGString();
	chart.dispose();
	return followingTheme(svg);
}

function seriesOf(line: Line, results: readonly LimitOnResult[]): echarts.LineSeriesOption[] {
	const runs = results.filter(({ way }) => way === line.way).sort((a, b) => a.calls - b.calls);
	const valueOf = [
		({ requests }: LimitOnResult) => requests,
		({ gongSeconds }: LimitOnResult) => gongSeconds,
	];
	return valueOf.map((value, index) => ({
		type: 'line',
		name: line.name,
		xAxisIndex: index,
		yAxisIndex: index,
		symbol: line.symbol,
		symbolSize: line.size,
		showAllSymbol: true,
		silent: true,
		itemStyle: { color: line.colour },
		lineStyle: { color: line.colour, width: line.width, type: line.dash },
		data: runs.map((run) => ({
			value: [run.calls, value(run)],
			label: {
				show: run.status !== 'success',
				formatter: 'refused: no rows',
				position: [16, 8],
				color: line.colour,
				fontSize: 13,
			},
		})),
	}));
}

/** Whether the rows of a way have their items, in words. */
function linksOf(name: string, results: readonly LimitOnResult[]): string {
	const line = LINES.find((one) => one.name === name);
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
