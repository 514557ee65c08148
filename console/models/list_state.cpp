#include "console/models/list_state.h"

namespace billing::console {

ListState stateAfter(const Error& error)
{
    return error.code == ErrorCode::Offline || error.code == ErrorCode::DeadlineExceeded ? ListState::Offline
                                                                                         : ListState::Failed;
}

} // namespace billing::console
