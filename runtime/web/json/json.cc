#include <aiopyr/runtime/web/json/json.h>

template class nlohmann::basic_json<nlohmann::ordered_map>;
