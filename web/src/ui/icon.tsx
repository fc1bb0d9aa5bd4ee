/** Icons as paths on a 24 grid; the button that holds one has the name. */
const PATHS = {
  send: "M3 20.5v-6.6l8-1.9-8-1.9V3.500l19 8.500z",
  more: "M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4m0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  close: "M19 6.4 17.600 5 12 10.600 6.400 5 5 6.400 10.600 12 5 17.600 6.400 19 12 13.400 17.600 19 19 17.600 13.400 12z",
  add: "M11 19v-6H5v-2h6V5h2v6h6v2h-6v6z",
  image: "M5 21q-.83 0-1.410-.590T3 19V5q0-.83.590-1.410T5 3h14q.83 0 1.410.590T21 5v14q0 .83-.590 1.410T19 21zm1-4h12l-3.750-5-3 4L9 13z",
  camera: "M12 17.500q1.880 0 3.190-1.310T16.500 13t-1.310-3.190T12 8.500 8.810 9.810 7.500 13t1.310 3.190T12 17.500m0-2q-1.050 0-1.770-.730T9.500 13t.730-1.770T12 10.500t1.770.730T14.500 13t-.730 1.770T12 15.500M4 21q-.83 0-1.410-.590T2 19V7q0-.83.590-1.410T4 5h3.150L9 3h6l1.850 2H20q.83 0 1.410.590T22 7v12q0 .83-.590 1.410T20 21z",
  paste: "M5 21q-.83 0-1.410-.590T3 19V5q0-.83.590-1.410T5 3h4.180q.270-.880 1.060-1.440T12 1q1 0 1.790.560T14.850 3H19q.83 0 1.410.590T21 5v14q0 .83-.590 1.410T19 21zm0-2h14V5h-2v3H7V5H5zm7-14q.430 0 .710-.290T13 4t-.290-.710T12 3t-.710.290T11 4t.290.710T12 5",
  mic: "M12 14q-1.250 0-2.130-.880T9 11V5q0-1.250.880-2.130T12 2t2.130.880T15 5v6q0 1.250-.880 2.130T12 14m-1 7v-3.080q-2.600-.350-4.300-2.320T5 11h2q0 2.080 1.460 3.540T12 16t3.540-1.460T17 11h2q0 2.630-1.700 4.600T13 17.920V21z",
  stop: "M6 18V6h12v12z",
  speak: "M14 20.730v-2.050q2.250-.650 3.630-2.500T19 11.980t-1.370-4.200T14 5.270V3.220q3.100.7 5.050 3.140T21 11.980t-1.950 5.610T14 20.730M3 15V9h4l5-5v16l-5-5zm11 1V7.950q1.180.550 1.840 1.650T16.500 12q0 1.280-.660 2.360T14 16",
  copy: "M9 18q-.83 0-1.410-.590T7 16V4q0-.83.590-1.410T9 2h9q.83 0 1.410.590T20 4v12q0 .83-.590 1.410T18 18zm0-2h9V4H9zm-4 6q-.83 0-1.410-.590T3 20V6h2v14h11v2z",
  down: "m12 20-8-8 1.400-1.430L11 16.180V4h2v12.180l5.600-5.610L20 12z",
  leave: "M5 21q-.83 0-1.410-.590T3 19V5q0-.83.590-1.410T5 3h7v2H5v14h7v2zm11-4-1.380-1.450L17.180 13H9v-2h8.180l-2.560-2.550L16 7l5 5z",
  call: "M19.950 21q-3.130 0-6.180-1.360T8.230 15.780t-3.870-5.560T3 4.050q0-.450.3-.750T4.050 3H8.100q.350 0 .630.240t.320.560l.650 3.500q.050.4-.020.680t-.280.470L6.980 10.900q.5.920 1.180 1.790t1.520 1.660q.770.770 1.620 1.440t1.800 1.210l2.350-2.350q.220-.220.590-.340t.710-.060l3.450.700q.350.100.580.360t.220.590v4.050q0 .450-.3.750t-.750.3",
  heart: "m12 21-1.450-1.300Q6.400 16 4.200 13.130T2 8.150Q2 5.700 3.650 4.050T7.750 2.400q1.350 0 2.300.570T12 4.750q1-1.200 1.950-1.770t2.300-.58q2.450 0 4.100 1.650T22 8.150q0 2.100-2.200 4.980T13.450 19.700z",
  check: "m9.550 18-5.700-5.700 1.430-1.430 4.270 4.280 9.180-9.180 1.420 1.430z",
  file: "m12 16-5-5 1.400-1.450 2.600 2.600V4h2v8.150l2.600-2.600L17 11zM6 20q-.83 0-1.410-.590T4 18v-3h2v3h12v-3h2v3q0 .83-.590 1.410T18 20z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** A round button with an icon; its name is read out and shown on hover. */
export function IconButton(props: {
  icon: IconName;
  label: string;
  onClick: () => void;
  class?: string;
  disabled?: boolean;
  expanded?: boolean;
  pressed?: boolean;
}) {
  return (
    <button
      type="button"
      class={`icon-button ${props.class ?? ""}`}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled ?? false}
      aria-expanded={props.expanded}
      aria-haspopup={props.expanded === undefined ? undefined : "menu"}
      aria-pressed={props.pressed}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
