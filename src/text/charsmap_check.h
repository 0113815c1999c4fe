// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A look at a tokenizer.model before the SentencePiece library reads it: the library follows the normaliser's compiled
// character map (a double array and a pool of strings) without checking it.
#pragma once

#include <string>
#include <string_view>

namespace lathe::text {

/// What would make the library read outside the file, or "" if nothing.
/// \source sentencepiece_model.proto (ModelProto.normalizer_spec = 3, denormalizer_spec = 5, precompiled_charsmap = 2);
/// darts-clone's unit layout (value 31 bits, leaf bit 31, label 8 bits, has-leaf bit 8, offset above).
std::string charsmapProblem(std::string_view model);

}  // namespace lathe::text
