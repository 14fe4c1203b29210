import type { AreaCodeBlock } from './area-codes.ts';

const EASTERN = ['America/New_York'];
const CENTRAL = ['America/Chicago'];
const MOUNTAIN = ['America/Denver'];
const PACIFIC = ['America/Los_Angeles'];
const EASTERN_CENTRAL = ['America/New_York', 'America/Chicago'];
const CENTRAL_MOUNTAIN = ['America/Chicago', 'America/Denver'];
const MOUNTAIN_PACIFIC = ['America/Denver', 'America/Los_Angeles'];

/** Where legal time and area code part ways: the codes that serve places in more than one zone, and why. */
const SPLIT: AreaCodeBlock[] = [
  {
    states: ['AK'],
    zones: ['America/Anchorage', 'America/Adak'],
    codes: '907',
    why: 'the western Aleutians keep Hawaii–Aleutian Time',
  },
  {
    states: ['AZ'],
    zones: ['America/Phoenix', 'America/Denver'],
    codes: '928',
    why: 'the Navajo Nation keeps daylight saving time, the rest of Arizona does not',
  },
  {
    states: ['FL'],
    zones: EASTERN_CENTRAL,
    codes: '448 850',
    why: 'west of the Apalachicola River the Panhandle keeps Central Time',
  },
  { states: ['ID'], zones: MOUNTAIN_PACIFIC, codes: '208 986', why: 'the north of Idaho keeps Pacific Time' },
  {
    states: ['IN'],
    zones: EASTERN_CENTRAL,
    codes: '219 574 812 930',
    why: 'twelve counties in the north-west and south-west of Indiana keep Central Time',
  },
  {
    states: ['KS'],
    zones: CENTRAL_MOUNTAIN,
    codes: '620 785',
    why: 'four counties on the Colorado line keep Mountain Time',
  },
  {
    states: ['KY'],
    zones: EASTERN_CENTRAL,
    codes: '270 364 606',
    why: 'the zone line runs through western and south-central Kentucky',
  },
  {
    states: ['MI'],
    zones: EASTERN_CENTRAL,
    codes: '906',
    why: 'four counties on the Wisconsin line keep Central Time',
  },
  {
    states: ['NE'],
    zones: CENTRAL_MOUNTAIN,
    codes: '308 402 531',
    why: 'the Panhandle and the west of Cherry County keep Mountain Time',
  },
  {
    states: ['NV'],
    zones: MOUNTAIN_PACIFIC,
    codes: '775',
    why: 'West Wendover and Jackpot keep Mountain Time',
  },
  { states: ['ND'], zones: CENTRAL_MOUNTAIN, codes: '701', why: 'the south-west keeps Mountain Time' },
  {
    states: ['OR'],
    zones: MOUNTAIN_PACIFIC,
    codes: '458 541',
    why: 'most of Malheur County keeps Mountain Time',
  },
  { states: ['SD'], zones: CENTRAL_MOUNTAIN, codes: '605', why: 'the west of the state keeps Mountain Time' },
  {
    states: ['TN'],
    zones: EASTERN_CENTRAL,
    codes: '423 729',
    why: 'Bledsoe, Marion and Sequatchie counties keep Central Time',
  },
];

/**
 * United States, every code in service or announced on 2026-11-22, by state. Codes: the phone library's metadata of
 * 2026-07, and the notices of state commissions for overlays it does not know yet (AL 483, CA 357 837, IL 861, LA 457,
 * MI 679, MN 924, MS 471, NY 465 624, OH 436, TN 729, TX 621). Zones: 49 CFR part 71, where legal time differs within a
 * code it is in `SPLIT`. An overlay stands with the code it overlays.
 */
export const US_AREA_CODES: readonly AreaCodeBlock[] = [
  ...SPLIT,
  { states: ['AL'], zones: CENTRAL, codes: '205 251 256 334 483 659 938' },
  { states: ['AZ'], zones: ['America/Phoenix'], codes: '480 520 602 623' },
  { states: ['AR'], zones: CENTRAL, codes: '327 479 501 870' },
  {
    states: ['CA'],
    zones: PACIFIC,
    codes:
      '209 213 279 310 323 341 350 357 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 ' +
      '760 805 818 820 831 837 840 858 909 916 925 949 951',
  },
  { states: ['CO'], zones: MOUNTAIN, codes: '303 719 720 748 970 983' },
  { states: ['CT'], zones: EASTERN, codes: '203 475 860 959' },
  { states: ['DE'], zones: EASTERN, codes: '302' },
  { states: ['DC'], zones: EASTERN, codes: '202 771' },
  {
    states: ['FL'],
    zones: EASTERN,
    codes: '239 305 321 324 352 386 407 561 645 656 689 727 728 754 772 786 813 863 904 941 954',
  },
  { states: ['GA'], zones: EASTERN, codes: '229 404 470 478 678 706 762 770 912 943' },
  { states: ['HI'], zones: ['Pacific/Honolulu'], codes: '808' },
  {
    states: ['IL'],
    zones: CENTRAL,
    codes: '217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 861 872',
  },
  { states: ['IN'], zones: EASTERN, codes: '260 317 463 765' },
  { states: ['IA'], zones: CENTRAL, codes: '319 515 563 641 712' },
  { states: ['KS'], zones: CENTRAL, codes: '316 913' },
  { states: ['KY'], zones: EASTERN, codes: '502 859' },
  { states: ['LA'], zones: CENTRAL, codes: '225 318 337 457 504 985' },
  { states: ['ME'], zones: EASTERN, codes: '207' },
  { states: ['MD'], zones: EASTERN, codes: '227 240 301 410 443 667' },
  { states: ['MA'], zones: EASTERN, codes: '339 351 413 508 617 774 781 857 978' },
  { states: ['MI'], zones: EASTERN, codes: '231 248 269 313 517 586 616 679 734 810 947 989' },
  { states: ['MN'], zones: CENTRAL, codes: '218 320 507 612 651 763 924 952' },
  { states: ['MS'], zones: CENTRAL, codes: '228 471 601 662 769' },
  { states: ['MO'], zones: CENTRAL, codes: '235 314 417 557 573 636 660 816 975' },
  { states: ['MT'], zones: MOUNTAIN, codes: '406' },
  { states: ['NV'], zones: PACIFIC, codes: '702 725' },
  { states: ['NH'], zones: EASTERN, codes: '603' },
  { states: ['NJ'], zones: EASTERN, codes: '201 551 609 640 732 848 856 862 908 973' },
  { states: ['NM'], zones: MOUNTAIN, codes: '505 575' },
  {
    states: ['NY'],
    zones: EASTERN,
    codes: '212 315 329 332 347 363 465 516 518 585 607 624 631 646 680 716 718 838 845 914 917 929 934',
  },
  { states: ['NC'], zones: EASTERN, codes: '252 336 472 704 743 828 910 919 980 984' },
  { states: ['OH'], zones: EASTERN, codes: '216 220 234 283 326 330 380 419 436 440 513 567 614 740 937' },
  { states: ['OK'], zones: CENTRAL, codes: '405 539 572 580 918' },
  { states: ['OR'], zones: PACIFIC, codes: '503 971' },
  { states: ['PA'], zones: EASTERN, codes: '215 223 267 272 412 445 484 570 582 610 717 724 814 835 878' },
  { states: ['RI'], zones: EASTERN, codes: '401' },
  { states: ['SC'], zones: EASTERN, codes: '803 821 839 843 854 864' },
  { states: ['TN'], zones: CENTRAL, codes: '615 629 731 901 931' },
  { states: ['TN'], zones: EASTERN, codes: '865' },
  {
    states: ['TX'],
    zones: CENTRAL,
    codes:
      '210 214 254 281 325 346 361 409 430 432 469 512 621 682 713 726 737 806 817 830 832 903 936 940 945 956 972 979',
  },
  { states: ['TX'], zones: MOUNTAIN, codes: '915', why: 'El Paso and Hudspeth counties keep Mountain Time' },
  { states: ['UT'], zones: MOUNTAIN, codes: '385 435 801' },
  { states: ['VT'], zones: EASTERN, codes: '802' },
  { states: ['VA'], zones: EASTERN, codes: '276 434 540 571 686 703 757 804 826 948' },
  { states: ['WA'], zones: PACIFIC, codes: '206 253 360 425 509 564' },
  { states: ['WV'], zones: EASTERN, codes: '304 681' },
  { states: ['WI'], zones: CENTRAL, codes: '262 274 353 414 534 608 715 920' },
  { states: ['WY'], zones: MOUNTAIN, codes: '307' },
];
