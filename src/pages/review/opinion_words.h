// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an annotator said, as a person reads it. Thread: GUI.
#pragma once

#include <QString>

#include "corpus/types.h"

namespace lathe::session {
class Session;
}
namespace lathe::corpus {
struct Opinion;
}

namespace lathe::pages {

/// A line a statement: the label, the labels, the rating, each labelled part with its text, the better answer, the
/// turns. \p sample is what the opinion is on.
QString opinionInWords(const session::Session& session, const corpus::Opinion& opinion, const corpus::Sample& sample);
/// "no name" for an empty one.
QString annotatorName(const std::string& name);

}  // namespace lathe::pages
