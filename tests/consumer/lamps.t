#!perl
# A library for an API of one's own, in a package within another, on a Perl of one's own.
use strict;
use warnings;

use Acme::Lamps;
use Mine;
use Test::More;

like( $ENV{PERL}, qr{/perl/own_perl\z}, 'it runs on the Perl that the repository registered' );
is( Mine::answer(), 42, 'and has the folders of that one in @INC' );

my $library = Acme::Lamps->new( api_url => 'http://127.0.0.1:1/' );
can_ok( $library->lamps, 'get', 'get_p' );
ok( !eval { $library->lamps->get(q{}); 1 }, 'a call that cannot be right is refused' );
isa_ok( $@, 'Acme::Lamps::IllegalInputException' );

done_testing;
