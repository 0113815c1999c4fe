// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source pytorch torch/serialization.py (_save, _legacy_save: what lies where)
#include "core/torch_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/torch_pickle.h"
#include "core/zip_entries.h"

namespace lathe {
namespace {

static_assert(std::endian::native == std::endian::little, "the files that are read are little-endian");
using Kind = PickleValue::Kind;

/// A number of ten bytes at the front of the older format.
constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::int64_t kOldProtocol = 1001;
/// Old files nest what they were asked to save; in this order the weights are looked for.
constexpr std::string_view kWrappers[] = {"state_dict", "model_state_dict", "model", "module"};
constexpr std::size_t kMostNesting = 8;

struct Bytes {
    std::uint64_t begin = 0, size = 0;
};
/// Where each storage lies in the file, by key.
using Storages = std::map<std::string_view, Bytes>;

Error inFile(Error error, std::string_view where) {
    error.message = fmt::format("{}: {}", where, error.message);
    return error;
}

std::string_view textAt(std::span<const std::byte> file, const ZipEntry& entry) {
    return {reinterpret_cast<const char*>(file.data()) + entry.begin, entry.size};
}

std::size_t tensorsIn(const TorchPickle& pickle, PickleRef dictionary) {
    const auto items = pickle.items(dictionary);
    std::size_t count = 0;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2)
        count += pickle.is(items[i], Kind::Text) && pickle.tensor(items[i + 1]) ? 1 : 0;
    return count;
}

/// The dictionary of tensors: the file's own, or the one under a wrapper's name.
Result<PickleRef> findWeights(const TorchPickle& pickle, PickleRef root) {
    std::vector<std::string> keys;
    for (std::size_t depth = 0; depth < kMostNesting && pickle.is(root, Kind::Dict); ++depth) {
        if (tensorsIn(pickle, root) > 0)
            return root;
        const auto items = pickle.items(root);
        std::optional<PickleRef> next;
        for (const std::string_view wrapper : kWrappers)
            for (std::size_t i = 0; i + 1 < items.size() && !next; i += 2)
                if (pickle.text(items[i]) == wrapper && pickle.is(items[i + 1], Kind::Dict))
                    next = items[i + 1];
        keys.clear();
        for (std::size_t i = 0; i + 1 < items.size() && keys.size() < 8; i += 2)
            keys.emplace_back(pickle.text(items[i]).substr(0, 40));
        if (!next)
            break;
        root = *next;
    }
    return fail(ErrorCode::InvalidInput,
                keys.empty() ? std::string("it holds no dictionary of tensors; save the model's state_dict()")
                             : fmt::format("it holds no tensors by name, only {}; save the model's state_dict()",
                                           fmt::join(keys, ", ")));
}

/// Bytes from the tensor's first element to the end of its last; nothing when they do not fit.
std::optional<std::uint64_t> extentOf(const TorchFileTensor& tensor) {
    std::int64_t last = 0;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        if (tensor.shape[i] == 0)
            return 0;
        std::int64_t step = 0;
        if (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &step) ||
            __builtin_add_overflow(last, step, &last))
            return std::nullopt;
    }
    return last == INT64_MAX ? std::nullopt : bytesOf(last + 1, tensor.type);
}

Result<TorchFileTensor> place(const TorchPickle& pickle, const TorchTensor& tensor, std::string_view name,
                              const Storages& storages) {
    const auto broken = [&](std::string_view why) {
        return fail(ErrorCode::Parse, fmt::format("tensor \"{}\": {}; get the file again", name.substr(0, 200), why));
    };
    const TorchStorage& storage = pickle.storage(tensor.storage);
    const auto found = storages.find(storage.key);
    if (found == storages.end())
        return broken(fmt::format("its storage \"{}\" is missing", storage.key.substr(0, 40)));
    const auto whole = bytesOf(storage.elements, storage.type);
    if (!whole || *whole > found->second.size)
        return broken(
            fmt::format("its storage claims {} elements and has {} bytes", storage.elements, found->second.size));
    TorchFileTensor placed{std::string(name), tensor.type, pickle.sizes(tensor.shape), pickle.sizes(tensor.strides)};
    const auto view = bytesOf(storage.offset, storage.type);
    const auto first = bytesOf(tensor.offset, tensor.type);
    const auto bytes = extentOf(placed);
    // Each is below 2^63, so two of them cannot wrap around.
    if (!view || !first || !bytes || !elementsOf(placed.shape) || *view > *whole || *first > *whole - *view ||
        *bytes > *whole - *view - *first)
        return broken("it reaches beyond its storage");
    placed.begin = found->second.begin + *view + *first;
    placed.bytes = *bytes;
    return placed;
}

Result<std::vector<TorchFileTensor>> collect(const TorchPickle& pickle, PickleRef root, const Storages& storages) {
    LATHE_TRY(const PickleRef weights, findWeights(pickle, root));
    const auto items = pickle.items(weights);
    std::vector<std::pair<std::string_view, const TorchTensor*>> found;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2)
        if (const TorchTensor* tensor = pickle.tensor(items[i + 1]); tensor && pickle.is(items[i], Kind::Text))
            found.emplace_back(pickle.text(items[i]), tensor);
    std::ranges::sort(found);
    // Before anything is made of them: a few bytes can name one tensor a million times.
    const auto twice = std::ranges::adjacent_find(found, {}, [](const auto& pair) { return pair.first; });
    if (twice != found.end())
        return fail(ErrorCode::Parse, fmt::format("tensor \"{}\" is in it twice", twice->first.substr(0, 200)));
    std::vector<TorchFileTensor> tensors;
    tensors.reserve(found.size());
    for (const auto& [name, tensor] : found) {
        LATHE_TRY(TorchFileTensor placed, place(pickle, *tensor, name, storages));
        tensors.push_back(std::move(placed));
    }
    return tensors;
}

Result<std::vector<TorchFileTensor>> readArchive(std::span<const std::byte> file, std::string_view where) {
    LATHE_TRY(const auto entries, readZipEntries(file, where));
    const std::string_view end = "/data.pkl";
    const auto main = std::ranges::find_if(entries, [&](const auto& item) { return item.first.ends_with(end); });
    if (main == entries.end())
        return fail(ErrorCode::Parse, "it is a zip archive, but not one of torch.save");
    const std::string root = main->first.substr(0, main->first.size() - end.size() + 1);
    if (entries.contains(root + "constants.pkl"))
        return fail(ErrorCode::Unsupported, "it is a TorchScript program, not weights; save the model's state_dict()");
    if (const auto order = entries.find(root + "byteorder");
        order != entries.end() && (!order->second.isStored || textAt(file, order->second) != "little"))
        return fail(ErrorCode::Unsupported, "its numbers are big-endian; save it on a little-endian machine");
    Storages storages;
    const std::string data = root + "data/";
    for (const auto& [name, entry] : entries) {
        const bool isStorage = name.starts_with(data);
        if (!isStorage && name != main->first)
            continue;
        if (!entry.isStored)
            return fail(
                ErrorCode::Unsupported,
                fmt::format("its entry \"{}\" is compressed, which torch.save never does; unpack it and pack it "
                            "again without compression (zip -0)",
                            name.substr(0, 100)));
        if (isStorage)
            storages[std::string_view(name).substr(data.size())] = {entry.begin, entry.size};
    }
    TorchPickle pickle(file.subspan(main->second.begin, main->second.size));
    LATHE_TRY(const PickleRef result, pickle.run());
    return collect(pickle, result, storages);
}

/// The five parts in front of the numbers: magic number, version, machine, the object, the storages' keys.
Result<std::vector<TorchFileTensor>> readRun(std::span<const std::byte> file) {
    const auto broken = [](std::string_view why) { return fail(ErrorCode::Parse, std::string(why)); };
    TorchPickle pickle(file);
    const auto magic = pickle.run();
    if (!magic || pickle.text(*magic) != kMagic)
        return broken("it is no file of torch.save");
    LATHE_TRY(const PickleRef version, pickle.run());
    if (pickle.integer(version) != kOldProtocol)
        return fail(ErrorCode::Unsupported,
                    "its version of the old format is not 1001; save it again with torch 1.6 or newer");
    LATHE_TRY(const PickleRef machine, pickle.run());
    const auto facts = pickle.items(machine);
    for (std::size_t i = 0; i + 1 < facts.size(); i += 2)
        if (pickle.text(facts[i]) == "little_endian" && pickle.value(facts[i + 1]).data == 0)
            return fail(ErrorCode::Unsupported, "its numbers are big-endian; save it on a little-endian machine");
    LATHE_TRY(const PickleRef root, pickle.run());
    std::map<std::string_view, TensorType> types;
    for (const TorchStorage& storage : pickle.storages())
        types.try_emplace(storage.key, storage.type);
    LATHE_TRY(const PickleRef keys, pickle.run());
    if (!pickle.is(keys, Kind::List))
        return broken("the list of its storages is missing");
    Storages storages;
    std::uint64_t at = pickle.position();
    for (const PickleRef key : pickle.items(keys)) {
        const auto type = types.find(pickle.text(key));
        std::int64_t elements = 0;
        if (type == types.end() || file.size() - at < sizeof elements)
            return broken("a storage is missing; the file is truncated or broken");
        std::memcpy(&elements, file.data() + at, sizeof elements);
        at += sizeof elements;
        const auto bytes = elements < 0 ? std::nullopt : bytesOf(elements, type->second);
        if (!bytes || *bytes > file.size() - at)
            return broken("a storage ends behind the file's end; the file is truncated");
        storages[type->first] = {at, *bytes};
        at += *bytes;
    }
    return collect(pickle, root, storages);
}

}  // namespace

Result<std::vector<TorchFileTensor>> readTorchFile(std::span<const std::byte> file, std::string_view where) {
    const std::string_view front(reinterpret_cast<const char*>(file.data()), std::min<std::size_t>(file.size(), 512));
    if (looksLikeZip(file)) {
        auto tensors = readArchive(file, where);
        if (!tensors && tensors.error().message.starts_with(where))
            return tensors;
        if (!tensors)
            return fail(inFile(std::move(tensors.error()), where));
        return tensors;
    }
    if (front.size() == 512 && front.substr(257, 5) == "ustar")
        return fail(
            ErrorCode::Unsupported,
            fmt::format("{}: written by a torch before 0.1.10 (tar); load and save it with a newer one", where));
    if (front.starts_with("version https://git-lfs"))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: a Git LFS pointer, not the weights; fetch them with git lfs pull", where));
    auto tensors = readRun(file);
    if (!tensors)
        return fail(inFile(std::move(tensors.error()), where));
    return tensors;
}

}  // namespace lathe
