// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a filter says, in the user's words: one entry for each condition that is set. Thread: GUI.
#pragma once

#include <QColor>
#include <QString>

#include <functional>
#include <vector>

#include "corpus/sample_filter.h"

namespace lathe::session {
class Session;
}

namespace lathe::pages {

struct ActiveFilter {
    QString text;  ///< "Label: card, fees"
    QColor dot;    ///< a single label's colour, else invalid
    std::function<void(corpus::SampleFilter&)> remove;
};

/// All but the state and the words searched for, which have controls of their own.
std::vector<ActiveFilter> activeFilters(session::Session& session, const corpus::SampleFilter& filter);

QString splitTitle(corpus::Split split);
QString originTitle(corpus::Origin origin);

}  // namespace lathe::pages
