// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The legend of every shape comment in nn/, train/ and infer/:
//   B batch   T tokens of a row (padded)   N tokens of a batch, packed   C channels (hidden size)
//   H heads   G key/value heads   D head dimension   F feed-forward size   V vocabulary   L labels   S cached positions
// A comment behind a reshape gives the shape after it: x.view({b, t, h, d})  // [B, T, H, D]
#pragma once
