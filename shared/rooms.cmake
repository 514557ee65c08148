# The house's building code: every room, program and test is made by one of these functions, so that warnings,
# hardening and Qt's strictness are the same everywhere.

add_library(billing_options INTERFACE)
target_compile_features(billing_options INTERFACE cxx_std_20)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(billing_options INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
    -Woverloaded-virtual -Wduplicated-cond -Wlogical-op -Wimplicit-fallthrough
    -fstack-protector-strong -fcf-protection -fPIC -fpch-preprocess)
  # GCC 12 sees overflows in joined std::strings that are not there (GCC bugs 105329, 105651).
  target_compile_options(billing_options INTERFACE -Wno-stringop-overflow -Wno-array-bounds -Wno-restrict)
else()
  # Clang builds the fuzz targets only (tests/fuzz); the warnings that count are GCC's.
  target_compile_options(billing_options INTERFACE -fstack-protector-strong -fcf-protection -fPIC)
endif()
target_compile_definitions(billing_options INTERFACE
  _GLIBCXX_ASSERTIONS
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_KEYWORDS QT_NO_FOREACH QT_DISABLE_DEPRECATED_BEFORE=0x060400
  SIMDJSON_THREADS_ENABLED=0)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT BILLING_SANITIZE)
  target_compile_definitions(billing_options INTERFACE _FORTIFY_SOURCE=2)
endif()
target_link_options(billing_options INTERFACE -Wl,-z,relro,-z,now)
if(BILLING_SANITIZE)
  target_compile_options(billing_options INTERFACE
    -fsanitize=${BILLING_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(billing_options INTERFACE -fsanitize=${BILLING_SANITIZE})
  if(BILLING_SANITIZE STREQUAL "thread")
    # The sanitizer does not see fences, and GCC says so; Asio's are not needed where every handover has a lock.
    target_compile_options(billing_options INTERFACE -Wno-tsan)
    target_compile_definitions(billing_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
target_include_directories(billing_options INTERFACE ${PROJECT_SOURCE_DIR})

# One set of precompiled standard headers for every room without Qt types in its way; rooms reuse the same file.
file(WRITE ${CMAKE_BINARY_DIR}/pch/pch.cpp "// The carrier of the shared precompiled header.\n")
add_library(billing_pch STATIC ${CMAKE_BINARY_DIR}/pch/pch.cpp)
target_link_libraries(billing_pch PRIVATE billing_options)
target_precompile_headers(billing_pch PRIVATE
  <algorithm> <array> <chrono> <compare> <cstdint> <cstring> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <tuple> <unordered_map> <utility> <variant> <vector>)

# The same for tests, with all of Qt Test: it is four fifths of what a test has to compile.
if(BILLING_TESTS)
  # Qt names every test's own folder in a macro, for QFINDTESTDATA, which would make each need its own; ours ask
  # BILLING_SOURCE_DIR.
  get_target_property(test_definitions Qt6::Test INTERFACE_COMPILE_DEFINITIONS)
  list(FILTER test_definitions EXCLUDE REGEX "QT_TESTCASE_")
  set_target_properties(Qt6::Test PROPERTIES INTERFACE_COMPILE_DEFINITIONS "${test_definitions}")
  file(WRITE ${CMAKE_BINARY_DIR}/pch/test_pch.cpp "// The carrier of the tests' precompiled header.\n")
  add_library(billing_test_pch STATIC ${CMAKE_BINARY_DIR}/pch/test_pch.cpp)
  target_link_libraries(billing_test_pch PRIVATE billing_options Qt6::Test)
  target_precompile_headers(billing_test_pch PRIVATE <compare> <map> <memory> <optional> <string> <vector> <QtTest>)
endif()

function(_billing_common target)
  target_link_libraries(${target} PRIVATE billing_options)
  if(ARGN)
    target_precompile_headers(${target} REUSE_FROM ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM billing_pch)
  endif()
endfunction()

# add_room(Rating SOURCES a.cpp ... PUBLIC_DEPENDS Billing::Model DEPENDS Billing::Kernel)
#   A static library billing_rating with the alias Billing::Rating. PUBLIC_DEPENDS is for what its headers mention.
function(add_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC_DEPENDS;DEPENDS" ${ARGN})
  string(REGEX REPLACE "([a-z0-9])([A-Z])" "\\1_\\2" snake ${name})
  string(TOLOWER ${snake} snake)
  add_library(billing_${snake} STATIC ${ROOM_SOURCES})
  add_library(Billing::${name} ALIAS billing_${snake})
  target_link_libraries(billing_${snake} PUBLIC ${ROOM_PUBLIC_DEPENDS} PRIVATE ${ROOM_DEPENDS})
  _billing_common(billing_${snake})
endfunction()

# add_program(billing-server SOURCES main.cpp DEPENDS Billing::App)   lands in build/<preset>/bin
function(add_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_link_libraries(${name} PRIVATE ${PROGRAM_DEPENDS})
  _billing_common(${name})
endfunction()

# add_room_test(tst_money DEPENDS Billing::Kernel [GUI] [ENGINES] [LABELS slow] [TIMEOUT 60])   builds tst_money.cpp
#   here, a Qt Test; runs it offscreen, in UTC and the C locale, with BILLING_SOURCE_DIR, BILLING_BIN_DIR and
#   BILLING_SHARED_DIR in its environment. GUI is for tests that link Qt Gui. ENGINES is for tests that stand on storage
#   (tests/server/storage/storage_fixture.h): they run a second time as tst_money_postgresql, on PostgreSQL. A test that
#   skips anything, or exits 77, is counted by ctest as skipped, with the reason in its output.
function(add_room_test name)
  cmake_parse_arguments(TEST "GUI;ENGINES" "TIMEOUT" "DEPENDS;LABELS" ${ARGN})
  # AUTOMOC would scan every test and compile a second file for each, a quarter of the whole build.
  set(moc ${CMAKE_CURRENT_BINARY_DIR}/${name}.moc)
  add_custom_command(OUTPUT ${moc} COMMAND Qt6::moc -o ${moc} ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp
    DEPENDS ${name}.cpp VERBATIM)
  add_executable(${name} ${name}.cpp ${moc})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${name} PRIVATE ${TEST_DEPENDS} Qt6::Test)
  if(TEST_GUI)
    _billing_common(${name})
  else()
    _billing_common(${name} billing_test_pch)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  billing_test_properties(${name} "${TEST_TIMEOUT}" "${TEST_LABELS}")
  if(TEST_ENGINES)
    add_test(NAME ${name}_postgresql COMMAND ${name})
    billing_test_properties(${name}_postgresql "${TEST_TIMEOUT}" "${TEST_LABELS};postgresql")
    set_property(TEST ${name}_postgresql APPEND PROPERTY ENVIRONMENT "BILLING_TEST_ENGINE=postgresql")
  endif()
endfunction()

function(billing_test_properties name timeout labels)
  # Against tests that hang, not for slow ones: a busy machine takes three times as long, a sanitizer again.
  if(NOT timeout)
    set(timeout 300)
  endif()
  if(BILLING_SANITIZE)
    math(EXPR timeout "${timeout} * 3")
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${timeout} SKIP_RETURN_CODE 77
    SKIP_REGULAR_EXPRESSION "Totals: [0-9]+ passed, 0 failed, [1-9][0-9]* skipped" LABELS "${labels}" ENVIRONMENT
    "QT_QPA_PLATFORM=offscreen;TZ=UTC;LC_ALL=C.UTF-8;BILLING_SOURCE_DIR=${PROJECT_SOURCE_DIR};BILLING_BIN_DIR=${CMAKE_BINARY_DIR}/bin;BILLING_SHARED_DIR=${PROJECT_SOURCE_DIR}/../shared;ASAN_OPTIONS=detect_leaks=1:abort_on_error=0")
endfunction()

# Rooms of this folder, in dependency order.
macro(add_rooms)
  foreach(room ${ARGN})
    add_subdirectory(${room})
  endforeach()
endmacro()

# billing_embed(target symbol FILE)   compiles a text file into the target as billing::embedded::symbol (a string_view).
function(billing_embed target symbol path)
  get_filename_component(path ${path} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} text)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.cpp)
  file(GENERATE OUTPUT ${source} CONTENT
    "#include <string_view>\n\nnamespace billing::embedded {\nextern const std::string_view ${symbol};\nconst std::string_view ${symbol} = R\"embedded(${text})embedded\";\n}\n")
  target_sources(${target} PRIVATE ${source})
endfunction()
