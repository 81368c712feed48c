/** Line icons on a 24-unit grid, by name. They are decoration: a button with an icon has a label of its own. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  check: 'M4 12.5l5 5L20 6.5',
  checks: 'M1.500 12.5l4.500 4.500L16 7M11 16l1 1L22.500 6.500',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.500l3 1.500',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  down: 'M12 5v14M6 13l6 6 6-6',
  edit: 'M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3',
  forward: 'M14 6l6 6-6 6M20 12H9c-3 0-5 2-5 6',
  muted: 'M4 10v4h3l5 4V6L7 10zM16 9.500l5 5M21 9.500l-5 5',
  hash: 'M9.500 4l-2 16M16.500 4l-2 16M4.500 9h15.500M4 15h15.500',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.500 20.500c0-4 3.500-6.500 7.500-6.500s7.500 2.500 7.500 6.500',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l4.500 4.500',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20c0-3.500 3-6 6.500-6s6.500 2.500 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3.500 2.800 3.500 5.500',
  plus: 'M12 5v14M5 12h14',
  reply: 'M10 6l-6 6 6 6M4 12h11c3 0 5 2 5 6',
  send: 'M4 11.500L20 4l-5 16-4-6.500zM11 13.500L20 4',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  smile:
    'M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M8.500 14.500c1 1.300 2.200 2 3.500 2s2.500-.7 3.500-2M9 9.500h.01M15 9.500h.01',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5',
  warning: 'M12 4L2.500 20h19zM12 10v4.500M12 17.500h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      data-icon={name}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
