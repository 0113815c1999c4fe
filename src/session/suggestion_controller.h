// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SuggestionController: what a model would label a text. Uses the project's newest n-gram model, or trains one on the
// labels there are. Loading runs in the io lane, training in the compute lane. Predicting takes some ten microseconds a
// text and runs where it is asked for, so that the suggestion is on the screen together with its text. Thread: GUI.
#pragma once

#include <QObject>
#include <QString>

#include <memory>
#include <string_view>
#include <vector>

#include "core/job_context.h"
#include "corpus/types.h"

namespace lathe::linear {
class NgramClassifier;
}

namespace lathe::session {

class Session;

struct Suggestion {
    corpus::LabelId label = 0;
    float probability = 0;  ///< 0..1
};

class SuggestionController : public QObject {
    Q_OBJECT

public:
    enum class State { NoModel, Loading, Training, Ready };
    /// Only so much of a long text is looked at.
    static constexpr std::size_t kTextBytes = 16 << 10;

    explicit SuggestionController(Session& session, QObject* parent = nullptr);
    ~SuggestionController() override;

    State state() const { return m_state; }
    QString modelName() const { return m_modelName; }
    /// Labels of the project that the model knows, likeliest first; empty without a model.
    std::vector<Suggestion> suggest(std::string_view text) const;
    /// Human labels given since the model in use was trained here; 0 for a model from elsewhere.
    std::int64_t labelsSinceTraining() const;
    /// At least two labels in use and ten labelled texts, and the project may be written to.
    bool canTrain() const;

    /// Trains an n-gram model on the present labels and keeps it in the project's models folder.
    void train();
    /// Loads the newest n-gram model of the project, if there is one that is not loaded yet.
    void loadNewest();

Q_SIGNALS:
    void changed();  ///< another state or another model
    void failed(const QString& message, const QString& detail);

private:
    void use(std::shared_ptr<const linear::NgramClassifier> model, const QString& name);
    void matchLabels();
    void setState(State state);

    Session& m_session;
    State m_state = State::NoModel;
    std::shared_ptr<const linear::NgramClassifier> m_model;
    QString m_modelName;
    std::vector<corpus::LabelId> m_labelOf;  ///< model's label index -> project label, 0 = not in the project
    std::int64_t m_labelledAtTraining = -1;
    std::shared_ptr<JobControl> m_job;
    int m_request = 0;  ///< answers to an older request (another project) are dropped
};

}  // namespace lathe::session
