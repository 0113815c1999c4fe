// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/run_state.h"

#include "core/real_json.h"

namespace lathe::train {
namespace {

Result<double> realOrNothing(const Json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null())
        return kNoValue;
    return jsonReal(object, key, kNoValue);
}

}  // namespace

Json toJson(const RunState& state) {
    Json scores = Json::object();
    for (const auto& [id, value] : state.best.scores)
        scores[id] = realOrNull(value);
    return {{"phase", state.phase},
            {"step", state.step},
            {"total_steps", state.totalSteps},
            {"epoch", state.epoch},
            {"best",
             {{"step", state.best.step},
              {"value", realOrNull(state.best.value)},
              {"dev_loss", realOrNull(state.best.devLoss)},
              {"dev_accuracy", realOrNull(state.best.devAccuracy)},
              {"dev_macro_f1", realOrNull(state.best.devMacroF1)},
              {"scores", scores}}},
            {"evaluations_without_gain", state.evaluationsWithoutGain},
            {"last_evaluation", state.lastEvaluation},
            {"tokens", state.tokens},
            {"train_seconds", state.trainSeconds},
            {"elapsed_seconds", state.elapsedSeconds},
            {"truncated_texts", state.truncatedTexts},
            {"rate_factor", state.rateFactor},
            {"most_part_tokens", state.mostPartTokens},
            {"watch", state.watch},
            {"leave_out", state.leaveOut}};
}

Result<RunState> runStateFrom(const Json& json) {
    if (!json.is_object())
        return fail(ErrorCode::Parse, "state.json: should be a JSON object");
    RunState state;
    LATHE_TRY(state.phase, jsonString(json, "phase", "train"));
    LATHE_TRY(state.step, jsonInt(json, "step", 0));
    LATHE_TRY(state.totalSteps, jsonInt(json, "total_steps", 0));
    LATHE_TRY(state.epoch, jsonReal(json, "epoch", 0));
    if (const auto best = json.find("best"); best != json.end() && best->is_object()) {
        LATHE_TRY(state.best.step, jsonInt(*best, "step", 0));
        LATHE_TRY(state.best.value, realOrNothing(*best, "value"));
        LATHE_TRY(state.best.devLoss, realOrNothing(*best, "dev_loss"));
        LATHE_TRY(state.best.devAccuracy, realOrNothing(*best, "dev_accuracy"));
        LATHE_TRY(state.best.devMacroF1, realOrNothing(*best, "dev_macro_f1"));
        if (const auto scores = best->find("scores"); scores != best->end() && scores->is_object())
            for (const auto& [id, value] : scores->items())
                state.best.scores[id] = value.is_number() ? value.get<double>() : kNoValue;
    }
    LATHE_TRY(state.evaluationsWithoutGain, jsonInt(json, "evaluations_without_gain", 0));
    LATHE_TRY(state.lastEvaluation, jsonInt(json, "last_evaluation", 0));
    LATHE_TRY(state.tokens, jsonInt(json, "tokens", 0));
    LATHE_TRY(state.trainSeconds, jsonReal(json, "train_seconds", 0));
    LATHE_TRY(state.elapsedSeconds, jsonReal(json, "elapsed_seconds", 0));
    LATHE_TRY(state.truncatedTexts, jsonInt(json, "truncated_texts", 0));
    LATHE_TRY(state.rateFactor, jsonReal(json, "rate_factor", 1));
    LATHE_TRY(state.mostPartTokens, jsonInt(json, "most_part_tokens", 0));
    if (const auto watch = json.find("watch"); watch != json.end())
        state.watch = *watch;
    if (const auto steps = json.find("leave_out"); steps != json.end() && steps->is_array())
        for (const auto& step : *steps)
            if (step.is_number_integer())
                state.leaveOut.push_back(step.get<std::int64_t>());
    if (state.step < 0 || (state.phase != "train" && state.phase != "pretrain"))
        return fail(ErrorCode::InvalidInput, "state.json: phase or step is not one that a run can have");
    return state;
}

}  // namespace lathe::train
