// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChatController: one conversation with one model; every turn is in the store before it is on the screen.
// Thread: GUI. The model lives on the compute lane: it is loaded, asked and destroyed there. Text comes through a
// buffer that a timer empties, so that a token costs no event.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/job_context.h"
#include "core/json.h"
#include "infer/text_model.h"

namespace lathe::session {

class Session;

struct LabelShare {
    QString label;
    double probability = 0;
};

struct ChatEntry {
    enum class Role { User, Assistant };
    Role role = Role::User;
    QString text;
    std::vector<LabelShare> shares;  ///< a classifier's answer: likeliest first, at most 5
    QString model;
    std::int64_t newTokens = 0;
    double tokensPerSecond = 0;  ///< 0 = not known (an answer of an earlier session)
    QString finish;              ///< end, length, stopped, context
    bool truncated = false;      ///< the question was longer than the model reads
    bool pending = false;        ///< still being written
    QString error;
    QString kept;  ///< what a person's verdict made of it, in words; empty: none was given
};

class ChatController : public QObject {
    Q_OBJECT

public:
    enum class State { Idle, Waiting /*loads, or waits for the lane*/, Answering, Stopping };
    Q_ENUM(State)

    explicit ChatController(Session& session, QObject* parent = nullptr);
    ~ChatController() override;

    State state() const { return m_state; }
    bool isBusy() const { return m_state != State::Idle; }
    const std::vector<ChatEntry>& entries() const { return m_entries; }
    std::vector<infer::ModelInfo> models() const;  ///< of the project, newest first, broken ones too
    const infer::ModelInfo& model() const { return m_model; }
    bool hasModel() const { return !m_model.folder.empty(); }
    bool canRegenerate() const;

    void setModel(const infer::ModelInfo& model);
    /// Keys of infer::generateOptionSpecs() that differ from their fallbacks.
    void setOptions(const Json& options) { m_options = options; }
    const Json& options() const { return m_options; }
    /// False when busy, without a model, or when \p text is blank.
    bool ask(const QString& text);
    /// The last question again with another seed; its answer takes the last one's place on the screen.
    bool regenerate();
    /// A person's verdict on an answer goes into the corpus (chat_feedback.h): \p correction is the right label's name
    /// or the better answer; nothing: it was good. \returns false when nothing was kept; the reason is posted.
    bool giveFeedback(int index, const std::optional<QString>& correction);
    void stop();
    /// Forgets what was said: the next question begins anew. Old turns stay in the project.
    void startOver();
    void reload();  ///< the turns of the opened project

Q_SIGNALS:
    void stateChanged();
    void entriesReset();
    void entryAdded(int index);
    void entryChanged(int index);
    void modelChanged();

private:
    struct OnLane;
    struct Answer;
    void send();
    void poll();
    void finishAnswer(const Answer& answer);
    std::vector<infer::Message> conversation() const;
    void keep(const ChatEntry& entry);
    void setState(State state);

    Session& m_session;
    State m_state = State::Idle;
    std::shared_ptr<OnLane> m_lane;
    std::shared_ptr<Answer> m_answer;
    QTimer m_timer;
    infer::ModelInfo m_model;
    Json m_options = Json::object();
    std::vector<ChatEntry> m_entries;
    std::uint64_t m_again = 0;  ///< how often the last question was asked again
};

/// Probabilities as the store keeps a classifier's answer, and back. An unreadable text gives no shares.
std::string sharesToJson(const std::vector<LabelShare>& shares);
std::vector<LabelShare> sharesFromJson(const std::string& text);

}  // namespace lathe::session
