// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source pytorch torch/_utils.py, torch/_tensor.py, torch/serialization.py (which functions, in which order)
#include "core/torch_pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lathe {
namespace {

constexpr std::size_t kMostDimensions = 16;

enum class Function : std::uint32_t {
    OrderedDict,
    RebuildTensor,     // (storage, offset, size, stride, ...)
    RebuildTensor3,    // (untyped storage, offset, size, stride, gradient, hooks, type, metadata)
    RebuildParameter,  // (tensor, ...)
    RebuildFromType,   // (function, class, arguments, state)
    Size,              // (sizes)
    Harmless,          // a class or a layout that changes no number
    Storage = 0x100,   // + TensorType
    UntypedStorage = 0x200,
    Type = 0x300,  // + TensorType
};

struct Known {
    std::string_view module, name;
    Function function;
};

/// Everything that a file may name. None of it runs anything.
constexpr auto kKnown = std::to_array<Known>({
    {"collections", "OrderedDict", Function::OrderedDict},
    {"torch._utils", "_rebuild_tensor", Function::RebuildTensor},
    {"torch._utils", "_rebuild_tensor_v2", Function::RebuildTensor},
    {"torch._utils", "_rebuild_tensor_v3", Function::RebuildTensor3},
    {"torch._utils", "_rebuild_parameter", Function::RebuildParameter},
    {"torch._utils", "_rebuild_parameter_with_state", Function::RebuildParameter},
    {"torch._tensor", "_rebuild_from_type_v2", Function::RebuildFromType},
    {"torch", "Size", Function::Size},
    {"torch", "device", Function::Harmless},
    {"torch", "Tensor", Function::Harmless},
    {"torch", "strided", Function::Harmless},
    {"torch.nn.parameter", "Parameter", Function::Harmless},
    {"torch.nn.parameter", "Buffer", Function::Harmless},
    {"torch.storage", "UntypedStorage", Function::UntypedStorage},
    {"torch.storage", "_UntypedStorage", Function::UntypedStorage},
});

struct KnownType {
    std::string_view name;
    TensorType type;
};
/// torch.NAMEStorage, also torch.cuda.NAMEStorage of old files.
constexpr auto kStorages = std::to_array<KnownType>({{"Float", TensorType::F32},
                                                     {"Double", TensorType::F64},
                                                     {"Half", TensorType::F16},
                                                     {"BFloat16", TensorType::BF16},
                                                     {"Long", TensorType::I64},
                                                     {"Int", TensorType::I32},
                                                     {"Short", TensorType::I16},
                                                     {"Char", TensorType::I8},
                                                     {"Byte", TensorType::U8},
                                                     {"Bool", TensorType::Bool},
                                                     {"ComplexFloat", TensorType::C64}});
/// torch.NAME
constexpr auto kTypes = std::to_array<KnownType>({{"float32", TensorType::F32},
                                                  {"float64", TensorType::F64},
                                                  {"float16", TensorType::F16},
                                                  {"bfloat16", TensorType::BF16},
                                                  {"int64", TensorType::I64},
                                                  {"int32", TensorType::I32},
                                                  {"int16", TensorType::I16},
                                                  {"int8", TensorType::I8},
                                                  {"uint8", TensorType::U8},
                                                  {"uint16", TensorType::U16},
                                                  {"uint32", TensorType::U32},
                                                  {"uint64", TensorType::U64},
                                                  {"bool", TensorType::Bool},
                                                  {"complex64", TensorType::C64},
                                                  {"float8_e4m3fn", TensorType::F8E4M3},
                                                  {"float8_e5m2", TensorType::F8E5M2},
                                                  {"float8_e8m0fnu", TensorType::F8E8M0}});

PickleValue named(Function function) {
    return {PickleValue::Kind::Global, static_cast<std::uint32_t>(function), 0};
}

PickleValue named(Function family, TensorType type) {
    return {PickleValue::Kind::Global, static_cast<std::uint32_t>(family) + static_cast<std::uint32_t>(type), 0};
}

/// The type of a Storage or Type global.
std::optional<TensorType> typeIn(const PickleValue& value, Function family) {
    const auto base = static_cast<std::uint32_t>(family);
    if (value.kind != PickleValue::Kind::Global || value.size < base || value.size >= base + kTensorTypes.size())
        return std::nullopt;
    return static_cast<TensorType>(value.size - base);
}

bool isFunction(const PickleValue& value, Function function) {
    return value.kind == PickleValue::Kind::Global && value.size == static_cast<std::uint32_t>(function);
}

}  // namespace

const TorchTensor* TorchPickle::tensor(PickleRef ref) const {
    const PickleValue& found = value(ref);
    return found.kind == PickleValue::Kind::Object && found.size == TensorObject ? &m_tensors[found.data] : nullptr;
}

Result<PickleValue> TorchPickle::global(std::string_view module, std::string_view name) {
    for (const Known& known : kKnown)
        if (known.module == module && known.name == name)
            return named(known.function);
    if ((module == "torch" || module == "torch.cuda") && name.ends_with("Storage")) {
        const auto kind = name.substr(0, name.size() - std::string_view("Storage").size());
        for (const KnownType& known : kStorages)
            if (known.name == kind)
                return named(Function::Storage, known.type);
    }
    if (module == "torch")
        for (const KnownType& known : kTypes)
            if (known.name == name)
                return named(Function::Type, known.type);
    return fail(
        ErrorCode::Unsupported,
        fmt::format("the file wants {}.{}, and Lathe runs nothing that a file brings: it reads tensors alone; save "
                    "the model's state_dict() again, best as safetensors",
                    module.substr(0, 100), name.substr(0, 100)));
}

bool TorchPickle::areSizes(PickleRef ref) const {
    return is(ref, PickleValue::Kind::Tuple) && items(ref).size() <= kMostDimensions &&
           std::ranges::all_of(items(ref), [&](PickleRef item) { return integer(item).value_or(-1) >= 0; });
}

std::vector<std::int64_t> TorchPickle::sizes(PickleRef ref) const {
    std::vector<std::int64_t> numbers;
    for (const PickleRef item : items(ref))
        numbers.push_back(integer(item).value_or(0));
    return numbers;
}

Result<PickleRef> TorchPickle::rebuildTensor(std::span<const PickleRef> arguments, bool isUntyped) {
    if (arguments.size() < (isUntyped ? 7u : 4u))
        return broken("a tensor is described by too few values");
    const PickleValue& source = value(arguments[0]);
    const auto offset = integer(arguments[1]);
    TorchTensor tensor;
    if (source.kind != PickleValue::Kind::Object || source.size != StorageObject || !offset || *offset < 0 ||
        !areSizes(arguments[2]) || !areSizes(arguments[3]) || items(arguments[2]).size() != items(arguments[3]).size())
        return broken("a tensor's storage, offset, sizes or strides cannot be");
    // The last argument says whether the numbers are to be negated or conjugated when they are read.
    const std::size_t metadata = isUntyped ? 7 : 6;
    if (arguments.size() > metadata && is(arguments[metadata], PickleValue::Kind::Dict) &&
        !items(arguments[metadata]).empty())
        return fail(ErrorCode::Unsupported, "the file has a negated or conjugated view; save it again with .clone()");
    tensor.storage = static_cast<std::uint32_t>(source.data);
    tensor.type = m_storages[source.data].type;
    tensor.offset = *offset;
    tensor.shape = arguments[2];
    tensor.strides = arguments[3];
    if (isUntyped) {
        const auto type = typeIn(value(arguments[6]), Function::Type);
        if (!type)
            return broken("a tensor's type is none");
        tensor.type = *type;
    }
    m_tensors.push_back(tensor);
    return add({PickleValue::Kind::Object, TensorObject, m_tensors.size() - 1});
}

Result<PickleRef> TorchPickle::orderedDict(std::span<const PickleRef> arguments) {
    std::vector<PickleRef> pairs;
    if (!arguments.empty()) {  // Python 2 gives the pairs here
        for (const PickleRef pair : items(arguments[0])) {
            const auto both = items(pair);
            if (both.size() != 2 || is(pair, PickleValue::Kind::Dict))
                return broken("an ordered dictionary is not made of pairs");
            pairs.insert(pairs.end(), both.begin(), both.end());
        }
    }
    return addContainer(PickleValue::Kind::Dict, std::move(pairs));
}

Result<PickleRef> TorchPickle::call(PickleRef callable, PickleRef arguments) {
    const PickleValue function = value(callable);
    const auto given = items(arguments);
    switch (static_cast<Function>(function.size)) {
        case Function::OrderedDict:
            return orderedDict(given);
        case Function::RebuildTensor:
            return rebuildTensor(given, false);
        case Function::RebuildTensor3:
            return rebuildTensor(given, true);
        case Function::RebuildParameter:
            if (given.empty() || !tensor(given[0]))
                return broken("a parameter is no tensor");
            return given[0];
        case Function::RebuildFromType:
            if (given.size() < 3 || !is(given[0], PickleValue::Kind::Global) ||
                !is(given[2], PickleValue::Kind::Tuple) || isFunction(value(given[0]), Function::RebuildFromType))
                return broken("a tensor of a class of its own is described wrongly");
            return call(given[0], given[2]);
        case Function::Size:
            if (given.size() != 1 || !is(given[0], PickleValue::Kind::Tuple))
                return broken("a size is no list of numbers");
            return given[0];
        case Function::Harmless:
            return add({PickleValue::Kind::Object, Harmless, 0});
        default:
            return broken("it calls what is no function");
    }
}

Result<PickleRef> TorchPickle::persistent(PickleRef id) {
    // ("storage", class, key, device, elements[, (key of the view, offset, elements)])
    const auto parts = items(id);
    if (!is(id, PickleValue::Kind::Tuple) || parts.size() < 5 || text(parts[0]) != "storage" ||
        !is(parts[2], PickleValue::Kind::Text))
        return broken("a storage is described wrongly");
    TorchStorage storage;
    storage.key = text(parts[2]);
    const PickleValue kind = value(parts[1]);
    storage.isUntyped = isFunction(kind, Function::UntypedStorage);
    if (const auto type = typeIn(kind, Function::Storage))
        storage.type = *type;
    else if (!storage.isUntyped)
        return broken("a storage is of no kind of storage");
    const auto elements = integer(parts[4]);
    if (!elements || *elements < 0)
        return broken("a storage's size cannot be");
    storage.elements = *elements;
    if (parts.size() > 5 && is(parts[5], PickleValue::Kind::Tuple)) {
        const auto view = items(parts[5]);
        const auto offset = view.size() == 3 ? integer(view[1]) : std::nullopt;
        if (!offset || *offset < 0 || *offset > storage.elements)
            return broken("a view of a storage cannot be");
        storage.offset = *offset;
    }
    m_storages.push_back(storage);
    return add({PickleValue::Kind::Object, StorageObject, m_storages.size() - 1});
}

Result<> TorchPickle::build(PickleRef object, PickleRef) {
    // State of ordered dictionaries (_metadata) and of parameters: nothing that changes a number.
    if (is(object, PickleValue::Kind::Dict) || tensor(object))
        return {};
    return broken("it gives a state to what has none");
}

}  // namespace lathe
