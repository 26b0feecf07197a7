#!perl
# The documentation is well-formed.
use 5.026;
use strict;
use warnings;

use Test::More;

plan skip_all => 'Test::Pod 1.41 is not installed'
  if !eval { require Test::Pod; Test::Pod->VERSION('1.41') };

Test::Pod::all_pod_files_ok();
