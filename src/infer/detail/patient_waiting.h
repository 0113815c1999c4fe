// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How OpenMP's threads wait for each other between two pieces of work.
#pragma once

namespace lathe::infer {

/// libgomp's threads spin for milliseconds at every barrier, which starves everyone when other programs (or our own
/// window) want a core: training was measured several times slower then. It spins briefly instead when it manages more
/// threads than there are cores, so a second, parked team is kept. On an idle machine nothing is lost.
/// Does nothing when OMP_WAIT_POLICY or GOMP_SPINCOUNT is set. Thread: any; only the first call counts.
/// \source gcc, libgomp/config/linux/wait.h (do_spin) and libgomp/team.c (gomp_managed_threads)
void waitPatiently(int threads);

}  // namespace lathe::infer
