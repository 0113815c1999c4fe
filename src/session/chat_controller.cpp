// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/chat_controller.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <optional>

#include "core/files.h"
#include "core/log.h"
#include "session/chat_feedback.h"
#include "session/error_text.h"
#include "session/session.h"

namespace lathe::session {

namespace {

constexpr int kPullMs = 40;
constexpr int kTurnsShown = 200;
constexpr std::size_t kSharesKept = 5;
/// Where the present conversation begins: the id of the last turn before it.
constexpr const char* kStartKey = "chat.start";
/// A question asked again must be able to come out differently.
constexpr double kAgainTemperature = 0.7;

std::vector<LabelShare> likeliest(const std::vector<std::string>& labels, const std::vector<float>& probabilities) {
    std::vector<std::size_t> order(std::min(labels.size(), probabilities.size()));
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return probabilities[i]; });
    std::vector<LabelShare> shares;
    for (std::size_t i = 0; i < std::min(kSharesKept, order.size()); ++i)
        shares.push_back({QString::fromStdString(labels[order[i]]), static_cast<double>(probabilities[order[i]])});
    return shares;
}

}  // namespace

std::string sharesToJson(const std::vector<LabelShare>& shares) {
    Json json = Json::array();
    for (const auto& share : shares)
        json.push_back({{"label", share.label.toStdString()}, {"probability", share.probability}});
    return toLine({{"labels", std::move(json)}});
}

std::vector<LabelShare> sharesFromJson(const std::string& text) {
    std::vector<LabelShare> shares;
    if (!text.starts_with('{'))
        return shares;
    const auto json = parseJson(text, "chat turn");
    if (!json || !json->is_object() || !json->contains("labels") || !json->at("labels").is_array())
        return shares;
    for (const auto& row : json->at("labels")) {
        const auto label = row.is_object() ? jsonString(row, "label", "") : Result<std::string>(std::string());
        const auto probability = row.is_object() ? jsonReal(row, "probability", 0) : Result<double>(0.0);
        if (label && probability && !label->empty())
            shares.push_back({QString::fromStdString(*label), *probability});
    }
    return shares;
}

/// What stays on the lane between questions. Thread: compute lane only; the pointer alone travels.
struct ChatController::OnLane {
    std::unique_ptr<infer::TextModel> model;
    std::filesystem::path folder;
};

/// One answer under way. Thread: any (mutex); control has its own.
struct ChatController::Answer {
    std::shared_ptr<JobControl> control = std::make_shared<JobControl>();
    std::mutex mutex;
    std::string fresh;   // guarded by mutex; text since the last poll
    bool begun = false;  // guarded by mutex; the model is there
    bool done = false;   // guarded by mutex
    // Below: written by the lane before done, read by the window after it.
    std::optional<Error> error;
    std::vector<LabelShare> shares;
    infer::Generation generation;
    bool truncated = false;
};

ChatController::ChatController(Session& session, QObject* parent)
    : QObject(parent), m_session(session), m_lane(std::make_shared<OnLane>()) {
    m_timer.setInterval(kPullMs);
    connect(&m_timer, &QTimer::timeout, this, &ChatController::poll);
    connect(&session, &Session::projectChanged, this, [this] {
        stop();
        m_model = {};
        reload();
        Q_EMIT modelChanged();
    });
}

ChatController::~ChatController() {
    if (m_answer)
        m_answer->control->requestStop();
    // The model dies where it was made.
    m_session.jobs().serve([lane = std::move(m_lane)]() mutable { lane.reset(); });
}

std::vector<infer::ModelInfo> ChatController::models() const {
    if (!m_session.hasProject())
        return {};
    return infer::listModels(m_session.project().modelsFolder());
}

bool ChatController::canRegenerate() const {
    return !isBusy() && hasModel() && m_model.kind == infer::ModelKind::Generator && !m_entries.empty() &&
           m_entries.back().role == ChatEntry::Role::Assistant;
}

void ChatController::setModel(const infer::ModelInfo& model) {
    if (isBusy() || model.folder == m_model.folder)
        return;
    m_model = model;
    Q_EMIT modelChanged();
}

bool ChatController::ask(const QString& text) {
    if (isBusy() || !hasModel() || text.trimmed().isEmpty() || !m_session.hasProject())
        return false;
    ChatEntry question;
    question.text = text.trimmed();
    question.model = QString::fromStdString(m_model.name);
    keep(question);
    m_entries.push_back(std::move(question));
    Q_EMIT entryAdded(static_cast<int>(m_entries.size()) - 1);
    m_again = 0;
    send();
    return true;
}

bool ChatController::regenerate() {
    if (!canRegenerate())
        return false;
    m_entries.pop_back();
    ++m_again;
    Q_EMIT entriesReset();
    send();
    return true;
}

bool ChatController::giveFeedback(int index, const std::optional<QString>& correction) {
    const auto at = static_cast<std::size_t>(index);
    if (index < 1 || at >= m_entries.size() || m_entries[at].role != ChatEntry::Role::Assistant ||
        m_entries[at].pending || !m_session.hasProject())
        return false;
    ChatEntry& entry = m_entries[at];
    if (m_session.isReadOnly()) {
        Q_EMIT m_session.messagePosted(tr("The project is open for reading only; nothing can be kept."), {}, true);
        return false;
    }
    GivenAnswer given;
    given.question = m_entries[at - 1].text.toStdString();
    given.model = entry.model.toStdString();
    if (entry.shares.empty()) {
        given.answer = entry.text.toStdString();
    } else {
        given.label = entry.shares.front().label.toStdString();
        given.probability = entry.shares.front().probability;
    }
    const auto kept =
        keepFeedback(m_session.store(), given, correction ? std::optional(correction->toStdString()) : std::nullopt,
                     m_session.settings().text(Setting::Annotator).toStdString());
    if (!kept) {
        Q_EMIT m_session.messagePosted(errorText(kept.error()), QString::fromStdString(kept.error().detail), true);
        return false;
    }
    if (given.ofClassifier())
        entry.kept = tr("Kept in the corpus as “%1”").arg(correction.value_or(entry.shares.front().label));
    else
        entry.kept = correction ? tr("Kept in the corpus: the better answer, and the pair of both")
                                : tr("Kept in the corpus: the question with this answer");
    m_session.notifySamplesChanged();
    Q_EMIT entryChanged(index);
    return true;
}

void ChatController::stop() {
    if (!m_answer || m_state == State::Stopping)
        return;
    m_answer->control->requestStop();
    setState(State::Stopping);
}

void ChatController::startOver() {
    if (isBusy() || !m_session.hasProject())
        return;
    if (const auto turns = m_session.store().chat(1); turns && !turns->empty() && !m_session.isReadOnly()) {
        if (const auto set = m_session.store().setSetting(kStartKey, std::to_string(turns->back().id)); !set)
            Q_EMIT m_session.messagePosted(errorText(set.error()), {}, true);
    }
    m_entries.clear();
    Q_EMIT entriesReset();
}

void ChatController::reload() {
    m_entries.clear();
    if (m_session.hasProject()) {
        const auto turns = m_session.store().chat(kTurnsShown);
        const auto start = m_session.store().setting(kStartKey);
        const std::int64_t first = start ? QString::fromStdString(*start).toLongLong() : 0;
        for (const auto& turn : turns ? *turns : std::vector<corpus::ChatTurn>()) {
            if (turn.id <= first)
                continue;
            ChatEntry entry;
            entry.role = turn.role == "user" ? ChatEntry::Role::User : ChatEntry::Role::Assistant;
            entry.model = QString::fromStdString(turn.model);
            if (entry.role == ChatEntry::Role::Assistant)
                entry.shares = sharesFromJson(turn.text);
            if (entry.shares.empty())
                entry.text = QString::fromStdString(turn.text);
            // Of answers to one question, the newest is shown.
            if (entry.role == ChatEntry::Role::Assistant && !m_entries.empty() &&
                m_entries.back().role == ChatEntry::Role::Assistant)
                m_entries.pop_back();
            m_entries.push_back(std::move(entry));
        }
    }
    Q_EMIT entriesReset();
}

std::vector<infer::Message> ChatController::conversation() const {
    std::vector<infer::Message> messages;
    for (const auto& entry : m_entries) {
        // A classifier's bars are no part of a conversation.
        if (entry.role == ChatEntry::Role::Assistant && (entry.text.isEmpty() || !entry.error.isEmpty())) {
            if (!messages.empty())
                messages.pop_back();
            continue;
        }
        messages.push_back({entry.role == ChatEntry::Role::User ? "user" : "assistant", entry.text.toStdString()});
    }
    return messages;
}

void ChatController::send() {
    m_answer = std::make_shared<Answer>();
    const auto messages = conversation();
    ChatEntry answer;
    answer.role = ChatEntry::Role::Assistant;
    answer.model = QString::fromStdString(m_model.name);
    answer.pending = true;
    m_entries.push_back(std::move(answer));
    Q_EMIT entryAdded(static_cast<int>(m_entries.size()) - 1);

    auto options = infer::generateOptionsFrom(m_options).value_or(infer::GenerateOptions{});
    if (m_again > 0) {
        options.seed += m_again;
        options.sample = true;
        if (options.temperature.value_or(0) <= 0)
            options.temperature = kAgainTemperature;
    }
    m_session.jobs().serve([lane = m_lane, answer = m_answer, folder = m_model.folder, messages, options] {
        JobContext job(answer->control);
        const auto work = [&]() -> Result<> {
            if (job.stopRequested())
                return fail(ErrorCode::Canceled, "stopped");
            if (!lane->model || lane->folder != folder) {
                lane->model.reset();  // never two models in memory
                LATHE_TRY(auto loaded, infer::TextModel::load(folder));
                lane->model = std::move(loaded);
                lane->folder = folder;
            }
            {
                const std::lock_guard lock(answer->mutex);
                answer->begun = true;
            }
            if (lane->model->info().kind == infer::ModelKind::Classifier) {
                const std::vector<std::string> texts{messages.back().text};
                LATHE_TRY(const auto found, lane->model->classify(texts, job));
                answer->shares = likeliest(lane->model->info().labels, found.at(0).probabilities);
                answer->truncated = found.at(0).truncated;
                return {};
            }
            LATHE_TRY(auto written, lane->model->chat(messages, options, job, [&](std::string_view piece) {
                const std::lock_guard lock(answer->mutex);
                answer->fresh += piece;
            }));
            answer->generation = std::move(written);
            return {};
        };
        auto result = work();
        const std::lock_guard lock(answer->mutex);
        if (!result)
            answer->error = result.error();
        answer->done = true;
    });
    m_timer.start();
    setState(State::Waiting);
}

void ChatController::poll() {
    if (!m_answer)
        return;
    std::string fresh;
    bool begun = false;
    bool done = false;
    {
        const std::lock_guard lock(m_answer->mutex);
        fresh.swap(m_answer->fresh);
        begun = m_answer->begun;
        done = m_answer->done;
    }
    const int last = static_cast<int>(m_entries.size()) - 1;
    if (begun && m_state == State::Waiting)
        setState(State::Answering);
    if (!fresh.empty()) {
        m_entries.back().text += QString::fromStdString(fresh);
        Q_EMIT entryChanged(last);
    }
    if (!done)
        return;
    m_timer.stop();
    const auto answer = std::exchange(m_answer, nullptr);
    finishAnswer(*answer);
    setState(State::Idle);
    Q_EMIT entryChanged(last);
}

void ChatController::finishAnswer(const Answer& answer) {
    if (m_entries.empty() || !m_entries.back().pending)
        return;  // another project was opened meanwhile
    ChatEntry& entry = m_entries.back();
    entry.pending = false;
    entry.truncated = answer.truncated;
    entry.shares = answer.shares;
    if (answer.error && answer.error->code == ErrorCode::Canceled) {
        entry.finish = QStringLiteral("stopped");
    } else if (answer.error) {
        entry.error = errorText(*answer.error);
        logError("chat", "{} {}", answer.error->message, answer.error->detail);
    } else if (entry.shares.empty()) {
        entry.text = QString::fromStdString(answer.generation.text);
        entry.newTokens = answer.generation.newTokens;
        entry.finish = QString::fromStdString(answer.generation.finish);
        if (answer.generation.seconds > 0)
            entry.tokensPerSecond = static_cast<double>(answer.generation.newTokens) / answer.generation.seconds;
    }
    if (entry.error.isEmpty() && (!entry.text.isEmpty() || !entry.shares.empty()))
        keep(entry);
}

void ChatController::keep(const ChatEntry& entry) {
    if (!m_session.hasProject() || m_session.isReadOnly())
        return;
    corpus::ChatTurn turn;
    turn.timeMs = nowMs();
    turn.model = entry.model.toStdString();
    turn.role = entry.role == ChatEntry::Role::User ? "user" : "assistant";
    turn.text = entry.shares.empty() ? entry.text.toStdString() : sharesToJson(entry.shares);
    if (const auto kept = m_session.store().addChatTurn(turn); !kept)
        Q_EMIT m_session.messagePosted(errorText(kept.error()), QString::fromStdString(kept.error().detail), true);
}

void ChatController::setState(State state) {
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged();
}

}  // namespace lathe::session
