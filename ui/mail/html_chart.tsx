import type { Bar, Chart } from "./chart.ts";
import { barStyle, inline } from "./style.ts";

const HEIGHT = 84;
const BAR_ROOM = 40;
/** From this many bars on they stand closer. */
const MANY_BARS = 17;

/** The days' spend as a table of bars; what it shows stands in words beside it. */
export function ChartBlock({ chart: { title, note, bars } }: { chart: Chart }) {
  // A cycle that has just begun has few bars: they need not fill the width.
  const room = `width:100%;max-width:${bars.length * BAR_ROOM}px;table-layout:fixed;`;
  return (
    <div class="line" style={`margin-top:24px;${inline.section}`}>
      <div class="ink" style={inline.heading}>{title}</div>
      {note === "" ? null : <div class="muted" style={`${inline.label}padding:2px 0 14px;`}>{note}</div>}
      <table
        role="presentation"
        aria-hidden="true"
        width="100%"
        cellpadding="0"
        cellspacing="0"
        border={0}
        style={room}
      >
        <tr>
          {bars.map((bar) => <Day bar={bar} gapPx={bars.length < MANY_BARS ? 4 : 1} />)}
        </tr>
      </table>
      <Axis first={bars.at(0)?.date ?? ""} last={bars.length > 1 ? bars.at(-1)?.date ?? "" : ""} room={room} />
    </div>
  );
}

function Day({ bar: { share, isEstimated }, gapPx }: { bar: Bar; gapPx: number }) {
  if (share === null) {
    return <td class="muted line" valign="bottom" style={`${inline.bars}${inline.unknown}`}>–</td>;
  }
  const height = share === 0 ? 0 : Math.max(2, Math.round(share * HEIGHT));
  return (
    <td class="line" valign="bottom" style={`${inline.bars}padding:0 ${gapPx}px;`}>
      {height === 0 ? null : (
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
          <tr>
            <td
              class={isEstimated ? "estimated" : "bar"}
              height={height}
              style={barStyle({ height, isEstimated })}
            >
              {"\u00a0"}
            </td>
          </tr>
        </table>
      )}
    </td>
  );
}

function Axis({ first, last, room }: { first: string; last: string; room: string }) {
  return (
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0} style={room}>
      <tr>
        <td class="muted" align="left" style={inline.axis}>{first}</td>
        <td class="muted" align="right" style={inline.axis}>{last}</td>
      </tr>
    </table>
  );
}
