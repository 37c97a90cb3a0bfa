#pragma once
// The templates of `plugin new`: folders of text files in which @WORDS@ stand for what is known
// when a project is made. A project is the files of `common`, KIND, LANG and LANG-KIND together; of
// two files of one name the later one counts. [control]

#include "base/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace sage::cli {

using Words = std::map<std::string, std::string>;  // without the @
using Files = std::map<std::string, std::string>;  // text by path

// One of the languages, and one of the kinds of operators, that there are templates of.
struct Template {
  std::string language;
  std::string kind;
};

// The kinds that `language` has in this folder of templates, in order.
std::vector<std::string> template_kinds(const std::string& templates, const std::string& language);

// Fills in the words, and SOURCE: the file with the operator. E0704 if one cannot be read.
Result<Files> render(const std::string& templates, const Template& chosen, Words words);

// A text to stand in a Makefile, where recipes put it between double quotes.
std::string make_text(const std::string& text);

// Makes the folder and what is in it. E0706: it is there and not empty; E0705: nothing is left.
Status write_project(const std::string& folder, const Files& files);

}  // namespace sage::cli
