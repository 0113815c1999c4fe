// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode's normal forms with the way back. \source UAX #15; Hugging Face tokenizers (semantics of alignments): a
// composed character has the origin of its first part, a decomposed one's parts that of the character. Thread: any.
#pragma once

#include "text/aligned_text.h"

namespace lathe::text {

enum class NormalForm { Nfc, Nfd, Nfkc, Nfkd };

/// By the tables of Unicode 9, as the reference has them: newer characters stay as they are.
void normalize(AlignedText& text, NormalForm form);

}  // namespace lathe::text
