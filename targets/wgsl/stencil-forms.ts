// How stencils are written, agreed on between the kernels of a module: a score that two kernels compute must have the same bits in
// both, as the second one subtracts the maximum that the first one found. The order of a stencil's terms depends on its form.

/** Terms go line by line along the keys, but in slices: those take four keys of all lines at a time. */
export type StencilForm = 'unrolled' | 'sliced' | 'rolled' | 'loop';

export class StencilForms {
  private readonly agreed: ReadonlyMap<string, 'sliced' | 'rolled'>;
  private readonly taken = new Map<string, Set<StencilForm>>();

  /** @param agreed what an emission before this one has found out, by the names of stencils. */
  constructor(agreed: ReadonlyMap<string, 'sliced' | 'rolled'> = new Map()) {
    this.agreed = agreed;
  }

  /** The form of a stencil in a kernel that would write it in another by itself. */
  choose(name: string, own: StencilForm): StencilForm {
    const agreed = this.agreed.get(name);
    const form = agreed === 'sliced' || (agreed === 'rolled' && own === 'sliced') ? agreed : own;
    this.taken.set(name, (this.taken.get(name) ?? new Set()).add(form));
    return form;
  }

  /** What to agree on where forms of one stencil add in different orders; undefined where all add alike. */
  agreement(): ReadonlyMap<string, 'sliced' | 'rolled'> | undefined {
    const mixed = [...this.taken].filter(([, forms]) => forms.has('sliced') && forms.size > 1);
    if (mixed.length === 0) return undefined;
    const isLarge = (forms: ReadonlySet<StencilForm>): boolean => forms.has('rolled') || forms.has('loop');
    return new Map(mixed.map(([name, forms]) => [name, isLarge(forms) ? 'rolled' : 'sliced']));
  }
}
