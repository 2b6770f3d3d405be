import type { Geometry } from '../../../domain/geometry.ts';
import type { Trace } from '../../api/bins.ts';
import { useTranslation } from '../state/page-context.ts';
import { explainFill } from './fill-steps.ts';
import type { FillSteps } from './fill-steps.ts';
import { followsFormula, geometryOf, originOf } from './level-origin.ts';
import type { LevelOrigin } from './level-origin.ts';
import { Fact, Step } from './trace-step.tsx';

const INTROS = {
  distance: 'trace.geometryIntro',
  reported: 'trace.geometryReported',
  'no-measures': 'trace.geometryNone',
  'no-level': 'trace.geometryNoLevel',
} as const satisfies Record<LevelOrigin, string>;

/** The measures of the bin, and how the fill follows from them. */
export function GeometryStep({ trace }: { trace: Trace }) {
  const { text, format } = useTranslation();
  const { distanceMm, reportedFillPercent, fillPercent, temperatureC, recomputePending } =
    trace.reading;
  const geometry = geometryOf(trace.geometry);
  return (
    <Step name="geometry" intro={text(INTROS[originOf(trace)])}>
      <dl class="facts">
        <Fact
          name={text('trace.distance')}
          value={distanceMm === null ? null : format.millimetres(distanceMm)}
        />
        <Fact
          name={text('trace.reported')}
          value={reportedFillPercent === null ? null : format.percent(reportedFillPercent)}
        />
        {geometry && <GeometryFacts geometry={geometry} />}
      </dl>
      {recomputePending && <p class="callout small">{text('trace.recomputePending')}</p>}
      {geometry && distanceMm !== null && fillPercent !== null && followsFormula(trace) && (
        <Formula
          geometry={geometry}
          distanceMm={distanceMm}
          steps={explainFill(distanceMm, geometry, temperatureC)}
          fillPercent={fillPercent}
        />
      )}
    </Step>
  );
}

/** Both distances, the shape and what else the fill depends on. */
function GeometryFacts({ geometry }: { geometry: Geometry }) {
  const { text, format } = useTranslation();
  const { temperatureReferenceC } = geometry;
  return (
    <>
      <Fact name={text('trace.empty')} value={format.millimetres(geometry.emptyDistanceMm)} />
      <Fact name={text('trace.full')} value={format.millimetres(geometry.fullDistanceMm)} />
      <Fact name={text('trace.blind')} value={format.millimetres(geometry.blindZoneMm)} />
      <Fact name={text('trace.shape')} value={text(`shape.${geometry.shape}`)} />
      <Fact
        name={text('trace.areaRatio')}
        value={geometry.shape === 'taper' ? format.exact(geometry.areaRatio) : null}
      />
      <Fact
        name={text('trace.temperatureReference')}
        value={temperatureReferenceC === undefined ? null : format.celsius(temperatureReferenceC)}
      />
      <Fact
        name={text('trace.strappingTable')}
        value={
          geometry.shape === 'strapping-table' ? (
            <details>
              <summary>{text('trace.rows', { count: geometry.strappingTable.length })}</summary>
              <ul>
                {geometry.strappingTable.map(({ heightMm, litres }) => (
                  <li key={heightMm}>
                    {text('trace.row', {
                      mm: format.exact(heightMm),
                      litres: format.exact(litres),
                    })}
                  </li>
                ))}
              </ul>
            </details>
          ) : null
        }
      />
    </>
  );
}

interface FormulaProps {
  readonly geometry: Geometry;
  /** As measured. */
  readonly distanceMm: number;
  readonly steps: FillSteps;
  readonly fillPercent: number;
}

/** The way from the distance to the fill, a line for each step. */
function Formula({ geometry, distanceMm, steps, fillPercent }: FormulaProps) {
  const { text, format } = useTranslation();
  const { correction, table } = steps;
  const empty = format.number(geometry.emptyDistanceMm);
  const full = format.number(geometry.fullDistanceMm);
  const distance = format.number(steps.distanceMm);
  const result = format.percentExact(fillPercent);
  const lines: string[] = [];
  if (correction !== undefined) {
    lines.push(
      text('trace.formulaTemperature', {
        distance: format.number(distanceMm),
        temperature: format.number(correction.temperatureC),
        reference: format.number(correction.referenceC),
        result: distance,
      }),
    );
  }
  if (geometry.shape === 'prism') {
    lines.push(text('trace.formula', { empty, full, distance, result }));
  } else if (geometry.shape === 'taper') {
    const height = format.exact(steps.heightShare);
    lines.push(text('trace.formulaHeight', { empty, full, distance, result: height }));
    lines.push(
      text(steps.heightShare > 1 ? 'trace.formulaTaperOverfull' : 'trace.formulaTaper', {
        a: format.exact(Math.sqrt(geometry.areaRatio)),
        result,
      }),
    );
  } else if (table !== undefined) {
    const { below, above, litres, fullLitres } = table;
    lines.push(
      text('trace.formulaFloor', { empty, distance, result: format.number(steps.heightMm) }),
      text('trace.formulaTable', {
        belowMm: format.exact(below.heightMm),
        belowLitres: format.exact(below.litres),
        aboveMm: format.exact(above.heightMm),
        aboveLitres: format.exact(above.litres),
        litres: format.number(litres),
        fullLitres: format.number(fullLitres),
        result,
      }),
    );
  }
  return (
    <>
      {lines.map((line) => (
        <p class="formula" key={line}>
          {line}
        </p>
      ))}
    </>
  );
}
