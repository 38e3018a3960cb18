// Departments are a tree of two levels: Dairy, and in it Milk. Two are enough for quick keys and reports, and a cashier can
// still oversee them.

import type { DepartmentId } from './code.ts';
import type { Names } from './names.ts';

export type Department = {
  readonly id: DepartmentId;
  /** Null: it stands at the top. */
  readonly parentId: DepartmentId | null;
  readonly names: Names;
  /** Lower comes first; equal ones go by their id. */
  readonly sort: number;
};

/** Why a department cannot stand where it says. */
export type DepartmentProblem = 'unknown-parent' | 'own-parent' | 'third-level';

/** A department of the top with those in it, each in its order. */
export type DepartmentBranch = { readonly department: Department; readonly children: readonly Department[] };

/** Tells what is wrong with a department's place among `all` (itself included or not); `undefined` when nothing is. */
export function departmentProblem(
  department: Department,
  all: ReadonlyMap<DepartmentId, Department>,
): DepartmentProblem | undefined {
  const { id, parentId } = department;
  if (parentId === null) return undefined;
  if (parentId === id) return 'own-parent';
  const parent = all.get(parentId);
  if (parent === undefined) return 'unknown-parent';
  if (parent.parentId !== null) return 'third-level';
  const hasChildren = [...all.values()].some((other) => other.id !== id && other.parentId === id);
  return hasChildren ? 'third-level' : undefined;
}

/** The tree in the order in which it is shown. A department whose parent is missing is shown at the top rather than lost. */
export function departmentTree(all: ReadonlyMap<DepartmentId, Department>): readonly DepartmentBranch[] {
  const isTop = ({ parentId }: Department) => parentId === null || !all.has(parentId);
  const departments = [...all.values()].toSorted(inOrder);
  return departments
    .filter(isTop)
    .map((department) => ({ department, children: departments.filter((child) => child.parentId === department.id) }));
}

function inOrder(left: Department, right: Department): number {
  return left.sort - right.sort || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
}
